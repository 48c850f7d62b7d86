package io.memroute.app.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Another process that may be a memroute server. */
public final class ServerProcess {

    /** The commands that serve. */
    private static final List<String> SERVING = List.of("run", "demo");

    /** The number of characters of a command line that a message quotes: enough to know the program. */
    private static final int SHOWN = 80;

    private final ProcessHandle process;

    private ServerProcess(ProcessHandle process) {
        this.process = process;
    }

    /** The running process with this id. */
    public static Optional<ServerProcess> of(long pid) {
        return pid <= 0
                ? Optional.empty()
                : ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ServerProcess::new);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Whether its command line is that of a server: a JVM with memroute's jar or main class, and options or a command
     * that serves.
     */
    public boolean looksLikeServer() {
        List<String> words = commandLine();
        for (int i = 1; i < words.size(); i++) {
            boolean program = words.get(i).equals("io.memroute.app.Main")
                    || words.get(i - 1).equals("-jar") && words.get(i).matches("(.*/)?memroute[^/]*\\.jar");
            if (program) {
                return i + 1 < words.size() && (words.get(i + 1).startsWith("-") || SERVING.contains(words.get(i + 1)));
            }
        }
        return false;
    }

    /**
     * Returns the words of the command line. Asks {@code ProcessHandle} only where there is nothing better: it gives no
     * arguments if they are longer than a page of memory.
     */
    private List<String> commandLine() {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(pid()), "cmdline"), ISO_8859_1)
                    .split("\0"));
        } catch (IOException e) {
            List<String> words = new ArrayList<>();
            process.info().command().ifPresent(words::add);
            words.addAll(List.of(process.info().arguments().orElse(new String[0])));
            return words;
        }
    }

    /** Whether it may have other names of sockets than this process, as in a container, or cannot be looked at. */
    public boolean isElsewhere() {
        try {
            return !Files.readSymbolicLink(Path.of("/proc", Long.toString(pid()), "ns", "net"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Sends SIGHUP.
     *
     * @throws IOException if this process may not
     */
    public void hangUp() throws IOException {
        Posix.kill(process.pid(), new SystemSignal("HUP").number());
    }

    /** {@code process 42 (/usr/bin/sleep 1000)}. */
    @Override
    public String toString() {
        String command = String.join(" ", commandLine()).strip();
        return "process " + pid()
                + (command.isEmpty()
                        ? ""
                        : " (" + (command.length() > SHOWN ? command.substring(0, SHOWN) + "..." : command) + ")");
    }
}
