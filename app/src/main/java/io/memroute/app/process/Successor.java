package io.memroute.app.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process that runs the program of this one again, as it is installed now, to take the place of this one. */
public final class Successor {

    /** The option by which it knows. */
    public static final String TAKE_OVER = "--take-over";

    /** Variables of the service manager that are for this process alone. */
    private static final List<String> OWN_VARIABLES =
            List.of("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID");

    private Successor() {}

    /**
     * Returns why this process cannot be replaced by one that it starts.
     *
     * @param told whether the service manager is told of it
     */
    public static Optional<String> refusal(boolean told) {
        if (ProcessHandle.current().pid() == 1) {
            return Optional.of("process 1 of a container cannot be replaced: the container would end with it;"
                    + " start another container");
        }
        // Set for every service of systemd; without notification it would take the end of this process for that of the
        // service, and end the new one.
        if (!told && System.getenv("INVOCATION_ID") != null && System.getenv("JOURNAL_STREAM") != null) {
            return Optional.of("systemd would end the new process: the unit needs Type=notify");
        }
        return Optional.empty();
    }

    /** Starts it, with the words and options of this process, and with the same output. */
    public static Process start() throws IOException {
        // The JDK's own helper program must be of the JDK's version, and Java may have been updated since.
        System.setProperty("jdk.lang.Process.launchMechanism", "VFORK");
        List<String> command = withoutTakeOver(Background.commandLine());
        command.addAll(List.of(TAKE_OVER, Long.toString(ProcessHandle.current().pid())));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Redirect.from(Background.NOTHING));
        builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        OWN_VARIABLES.forEach(builder.environment()::remove);
        return builder.start();
    }

    private static List<String> withoutTakeOver(List<String> words) {
        List<String> others = new ArrayList<>(words);
        int at = others.indexOf(TAKE_OVER);
        if (at >= 0) {
            others.subList(at, Math.min(at + 2, others.size())).clear();
        }
        return others;
    }
}
