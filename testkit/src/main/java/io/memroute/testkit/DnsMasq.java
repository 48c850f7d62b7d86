package io.memroute.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real name server, Debian's dnsmasq, on a free port of the loopback address; it knows what it is told alone. */
public final class DnsMasq implements AutoCloseable {

    /** A port that is reserved may still be taken for datagrams: one of thousands, at the most unlucky moment. */
    private static final int ATTEMPTS = 3;

    private final RefusingPort reserved;
    private ChildProcess process;

    private DnsMasq(RefusingPort reserved, ChildProcess process) {
        this.reserved = reserved;
        this.process = process;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param records as dnsmasq's options, such as {@code --host-record=NAME,ADDRESS}
     */
    public static DnsMasq start(String... records) {
        String output = "";
        for (int i = 0; i < ATTEMPTS; i++) {
            RefusingPort reserved = RefusingPort.reserve();
            DnsMasq server = new DnsMasq(reserved, launch(reserved.port(), records));
            if (server.process.isAlive()) {
                return server;
            }
            output = server.process.output();
            server.close();
        }
        throw new AssertionError("dnsmasq does not start: " + output);
    }

    /** Starts it again on the same port, with other records; for a moment nobody answers there. */
    public void restart(String... records) {
        process.close();
        process = launch(reserved.port(), records);
        if (!process.isAlive()) {
            throw new AssertionError("dnsmasq does not start again: " + process.output());
        }
    }

    /** Starts it and waits until it listens, or has ended. */
    private static ChildProcess launch(int port, String... records) {
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
                "--port=" + port));
        command.addAll(List.of(records));
        ChildProcess process = ChildProcess.start(command, Map.of());
        // Its own word, which follows when it listens: whatever else answers there is not dnsmasq.
        Deadline.await(
                "a name server",
                Deadline.USUAL,
                () -> !process.isAlive() || process.output().contains("started, version"),
                process::output);
        return process;
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
