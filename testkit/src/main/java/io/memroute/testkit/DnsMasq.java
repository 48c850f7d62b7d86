package io.memroute.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real name server, Debian's dnsmasq, on a free port of the loopback address; it knows what it is told alone. */
public final class DnsMasq implements AutoCloseable {

    /** A port that is reserved may still be taken for datagrams: one of thousands, at the most unlucky moment. */
    private static final int ATTEMPTS = 3;

    private final ChildProcess process;
    private final RefusingPort reserved;

    private DnsMasq(ChildProcess process, RefusingPort reserved) {
        this.process = process;
        this.reserved = reserved;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param records as dnsmasq's options, such as {@code --host-record=NAME,ADDRESS}
     */
    public static DnsMasq start(String... records) {
        DnsMasq server = attempt(records);
        for (int i = 1; i < ATTEMPTS && !server.process.isAlive(); i++) {
            server.close();
            server = attempt(records);
        }
        if (!server.process.isAlive()) {
            server.close();
            throw new AssertionError("dnsmasq does not start: " + server.process.output());
        }
        return server;
    }

    /** Starts it and waits until it listens, or has ended. */
    private static DnsMasq attempt(String... records) {
        RefusingPort reserved = RefusingPort.reserve();
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.require("dnsmasq", "dnsmasq-base").toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=",
                "--log-facility=-",
                "--no-resolv",
                "--no-hosts",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--port=" + reserved.port()));
        command.addAll(List.of(records));
        ChildProcess process = ChildProcess.start(command, Map.of());
        // Its own word, which follows when it listens: whatever else answers there is not dnsmasq.
        Deadline.await(
                "a name server",
                Deadline.USUAL,
                () -> !process.isAlive() || process.output().contains("started, version"),
                process::output);
        return new DnsMasq(process, reserved);
    }

    /** {@code HOST:PORT}. */
    public String address() {
        return "127.0.0.1:" + reserved.port();
    }

    @Override
    public void close() {
        process.close();
        reserved.close();
    }
}
