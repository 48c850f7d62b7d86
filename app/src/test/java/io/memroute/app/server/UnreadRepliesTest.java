package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TestCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for far more than the memory of the process, and read nothing: its defaults have to do. */
class UnreadRepliesTest {

    private static final int TCP_CLIENTS = 175;
    private static final int UNIX_CLIENTS = 20;
    /** Few: without the JVM's last compiler a megabyte takes long to encrypt. */
    private static final int TLS_CLIENTS = 5;

    private static final int VALUE_BYTES = 1_000_000;
    private static final String VALUE = "VALUE big 0 " + VALUE_BYTES + "\r\n" + "x".repeat(VALUE_BYTES) + "\r\nEND\r\n";

    /** 4 GB in all, from a process that may use 64 MB of the heap and as much outside it. */
    private static final String REQUESTS = "get big\r\n".repeat(20);

    private static final Pattern PORTS = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)");

    private final List<AutoCloseable> greedy = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    void leaveRoomForOthersAndNothingBehind() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "proxy", "IP:127.0.0.1");
        Path socket = directory.resolve("socket");
        try (MemcachedServer memcached =
                        MemcachedServer.start(MemcachedServer.options().maxItemSize("2m"));
                ChildProcess server = start(memcached, certificate, socket)) {
            InetSocketAddress[] addresses = addresses(server);
            try (RawClient other = RawClient.connect(addresses[0])) {
                other.send("set big 0 0 " + VALUE_BYTES + "\r\n" + "x".repeat(VALUE_BYTES) + "\r\n");
                other.expect("STORED\r\n");
                connectGreedyClients(addresses, socket, certificate.clientContext(), other);
                assertServes(other);
                Deadline.await("room for a client that reads", () -> gets(other));
                assertThat(number(other, "stats proxy", "buffer_memory_used")).isBetween(1L, 64L << 20);

                for (AutoCloseable client : greedy) {
                    client.close();
                }
                Deadline.await(
                        "everything to be released",
                        () -> number(other, "stats proxy", "buffer_memory_used") == 0
                                && number(other, "stats", "curr_connections") == 1);
                assertThat(gets(other)).isTrue();
            }
            try (RawClient late = RawClient.connect(addresses[0])) {
                assertThat(gets(late)).isTrue();
            }
            assertThat(server.output().substring(server.output().indexOf("listening on")))
                    .hasLineCount(1);
        }
    }

    private void connectGreedyClients(InetSocketAddress[] addresses, Path socket, SSLContext context, RawClient other)
            throws IOException {
        for (int i = 0; i < TCP_CLIENTS + UNIX_CLIENTS; i++) {
            RawClient client = RawClient.connectSlowReader(
                    i < TCP_CLIENTS ? addresses[0] : UnixDomainSocketAddress.of(socket), 8192);
            greedy.add(client);
            client.sendUnlessClosed(REQUESTS.getBytes());
            assertServes(other);
        }
        for (int i = 0; i < TLS_CLIENTS; i++) {
            SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket();
            greedy.add(client);
            client.setReceiveBufferSize(8192);
            client.connect(addresses[1]);
            client.getOutputStream().write(REQUESTS.getBytes());
            assertServes(other);
        }
    }

    private static void assertServes(RawClient client) {
        client.send("mg small v\r\n");
        client.expect("EN\r\n");
    }

    /** Whether a get is answered with the value, not for want of memory with an error. */
    private static boolean gets(RawClient client) {
        client.send("get big\r\n");
        String line = client.readLine();
        if (line.startsWith("SERVER_ERROR out of memory")) {
            return false;
        }
        assertThat(line + "\r\n").isEqualTo(VALUE.substring(0, line.length() + 2));
        client.expect(VALUE.substring(line.length() + 2));
        return true;
    }

    private static long number(RawClient client, String request, String name) {
        client.send(request + "\r\n");
        Matcher found = Pattern.compile("STAT " + name + " ([0-9]+)\r\n").matcher(client.readUntil("END\r\n"));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    private ChildProcess start(MemcachedServer memcached, TestCertificate certificate, Path socket) throws IOException {
        Path configuration = Files.writeString(directory.resolve("routes.lua"), """
                settings{ backend_read_timeout = 60 }
                pools{ main = { backends = { "127.0.0.1:%d" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(memcached.port()));
        return ProgramUnderTest.start(
                List.of("-Xmx64m"),
                "run",
                configuration.toString(),
                "-t",
                "2",
                "-Z",
                "-o",
                "ssl_chain_cert=" + certificate.certificateFile() + ",ssl_key=" + certificate.keyFile(),
                "-p",
                "-1",
                "-l",
                "notls:127.0.0.1,127.0.0.1",
                "-s",
                socket.toString());
    }

    /** Of the listener without TLS, and of the one with it. */
    private static InetSocketAddress[] addresses(ChildProcess server) {
        ProgramUnderTest.port(server);
        return PORTS.matcher(server.output())
                .results()
                .map(found -> new InetSocketAddress("127.0.0.1", Integer.parseInt(found.group(1))))
                .toArray(InetSocketAddress[]::new);
    }
}
