package io.memroute.app.service;

import io.memroute.testkit.ChildProcess;
import java.util.List;
import java.util.Map;

/** A service manager in a process of its own, which prints what it is told, each message as one line. */
final class NotifiedManager implements AutoCloseable {

    private static final String PROGRAM = """
            import socket, sys
            name = sys.argv[1]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind('\\0' + name[1:] if name[0] == '@' else name)
            print('bound', flush=True)
            while True: print(s.recv(65536).decode().replace('\\n', ' '), flush=True)
            """;

    private final String socket;
    private final ChildProcess process;

    private NotifiedManager(String socket) {
        this.socket = socket;
        process = ChildProcess.start(
                List.of(ChildProcess.require("python3", "python3").toString(), "-c", PROGRAM, socket), Map.of());
        process.awaitOutput("bound");
    }

    /** @param socket a path, or a name that is no file, with {@code @} for its first byte */
    static NotifiedManager on(String socket) {
        return new NotifiedManager(socket);
    }

    /** The environment of a service. */
    Map<String, String> environment(int watchdogMillis) {
        return Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", watchdogMillis + "000");
    }

    void awaitMessage(String text) {
        process.awaitOutput(text);
    }

    List<String> messages() {
        return process.output().lines().skip(1).toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
