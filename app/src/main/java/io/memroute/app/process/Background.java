package io.memroute.app.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The background ({@code -d}). A JVM cannot fork, so the process starts a second one with the same command line, waits
 * until that one serves, and ends: what started us sees errors and the exit status of a failed start, and may connect
 * when we return.
 */
public final class Background {

    /** The input of a process in the background. */
    static final File NOTHING = new File("/dev/null");

    private static final String REPLACED = " (deleted)";

    private static final String CHILD = "memroute.background";
    private static final String READY = "ready";

    private Background() {}

    /** Whether this process is the second one. */
    public static boolean inBackground() {
        return Boolean.getBoolean(CHILD);
    }

    /**
     * Starts the second process and waits for it. The first process calls it.
     *
     * @return the exit status to end with
     */
    public static int launch() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(childCommand())
                .redirectInput(Redirect.from(NOTHING))
                .redirectOutput(Redirect.PIPE)
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader output = child.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(READY)) {
                    return 0;
                }
            }
        }
        return child.waitFor();
    }

    /** Leaves the terminal. The second process calls it first of all. */
    public static void detach() throws IOException {
        Posix.setsid();
    }

    /**
     * Lets the first process end. The second process calls it when it serves.
     *
     * @param keepErrors whether standard error stays open ({@code -v})
     */
    public static void ready(boolean keepErrors) throws IOException {
        System.out.println(READY);
        System.out.flush();
        Posix.closeOutput(!keepErrors);
    }

    private static List<String> childCommand() throws IOException {
        List<String> command = new ArrayList<>(commandLine());
        command.add(1, "-D" + CHILD + "=true");
        return command;
    }

    /**
     * The path to start a program by again.
     *
     * @param known as the system knows it: Linux adds a word when the file has been replaced, as an upgrade of the
     *     package does; then the one that has its place now is meant
     */
    static String program(String known) {
        return known.endsWith(REPLACED) && Files.notExists(Path.of(known))
                ? known.substring(0, known.length() - REPLACED.length())
                : known;
    }

    /** The program of this process, and all its words. */
    static List<String> commandLine() throws IOException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        command.add(program(
                self.command().orElseThrow(() -> new IOException("the system does not say which program this is"))));
        Path exact = Path.of("/proc/self/cmdline");
        if (Files.exists(exact)) {
            String[] words = Files.readString(exact).split("\0", -1);
            command.addAll(List.of(words).subList(1, words.length - 1));
        } else {
            command.addAll(List.of(self.arguments()
                    .orElseThrow(() ->
                            new IOException("the system does not give our own arguments back; start without -d"))));
        }
        return command;
    }
}
