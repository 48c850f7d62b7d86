package io.memroute.app.terminal;

import io.memroute.app.process.Descriptors;
import java.util.Map;

/** A destination of a command's output. */
public enum StandardStream {
    OUTPUT(1),
    ERROR(2);

    private final int descriptor;

    StandardStream(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether a person sees it: not a pipe or a file. */
    public boolean isTerminal() {
        return Descriptors.isTerminal(descriptor);
    }

    /** Whether it may be coloured: a terminal that can show colours, and no {@code NO_COLOR} (no-color.org). */
    public boolean takesColours() {
        return takesColours(System.getenv()) && isTerminal();
    }

    static boolean takesColours(Map<String, String> environment) {
        String terminal = environment.getOrDefault("TERM", "dumb");
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !terminal.equals("dumb");
    }
}
