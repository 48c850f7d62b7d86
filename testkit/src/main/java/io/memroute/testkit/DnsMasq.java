package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real name server, Debian's dnsmasq, on a free port of the loopback address; it knows what it is told alone. */
public final class DnsMasq implements AutoCloseable {

    private final ChildProcess process;
    private final int port;

    private DnsMasq(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param records as dnsmasq's options, such as {@code --host-record=NAME,ADDRESS}
     */
    public static DnsMasq start(String... records) {
        int port = freePort();
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
        DnsMasq server = new DnsMasq(ChildProcess.start(command, Map.of()), port);
        Deadline.await("a name server", Deadline.USUAL, () -> accepts(port), server.process::output);
        return server;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code HOST:PORT}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
