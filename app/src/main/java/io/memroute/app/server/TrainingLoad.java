package io.memroute.app.server;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A server of memroute's own on a small configuration, and requests of every usual kind to a proxy in front of it, in
 * numbers that make the JVM's profiles mean something. Nothing of it leaves this machine.
 */
final class TrainingLoad implements AutoCloseable {

    /** A second or two: enough for the JVM to compile what each request runs. */
    private static final int ROUNDS = 3000;

    private static final long START_NANOS = 20_000_000_000L;

    /** One round of requests and the bytes they answer with, the last of them {@code MN}. */
    private static final String REQUESTS = """
            set main/a 0 0 5
            hello
            get main/a
            get main/a main/b scratch/c
            mg main/a v t f
            ms session/1 2 T60
            ok
            mg session/1 v
            delete main/a
            mn
            """.replace("\n", "\r\n");

    private static final String LAST_REPLY = "MN\r\n";

    private final ProxyServer backend;
    private final Path configuration;

    private TrainingLoad(ProxyServer backend, Path configuration) {
        this.backend = backend;
        this.configuration = configuration;
    }

    /** Starts the server, and writes the configuration of a proxy for it. */
    static TrainingLoad open() throws IOException, ConfigException {
        Path configuration = Files.createTempFile("memroute-train-", ".lua");
        ProxyServer backend = ProxyServer.prepare(ServerOptions.builder()
                .workers(1)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .build());
        backend.accept();
        int port = ((InetSocketAddress) backend.addresses().getFirst()).getPort();
        Files.writeString(configuration, """
                pools{
                  main = { backends = { "127.0.0.1:%1$d", "localhost:%1$d" } },
                  sessions = { backends = { "127.0.0.1:%1$d" } },
                }
                routes{
                  map = {
                    session = route_direct{ child = "sessions" },
                    scratch = route_direct{ child = "internal" },
                  },
                  default = route_direct{ child = "main" },
                }
                """.formatted(port));
        return new TrainingLoad(backend, configuration);
    }

    /** The configuration of a proxy in front of the server. */
    Path configuration() {
        return configuration;
    }

    /**
     * Sends requests to a proxy, which may be starting.
     *
     * @param most the time after which the rest is left out
     * @param shutDown whether to have the proxy end
     */
    static void run(int port, Duration most, boolean shutDown) throws IOException, InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        try (Socket client = connect(port)) {
            InputStream replies = new BufferedInputStream(client.getInputStream());
            byte[] requests = REQUESTS.getBytes(StandardCharsets.US_ASCII);
            for (int round = 0; round < ROUNDS && System.nanoTime() - until < 0; round++) {
                client.getOutputStream().write(requests);
                readUntil(replies, LAST_REPLY);
            }
            client.getOutputStream()
                    .write("stats\r\nstats proxy\r\nversion\r\nmn\r\n".getBytes(StandardCharsets.US_ASCII));
            readUntil(replies, LAST_REPLY);
            if (shutDown) {
                client.getOutputStream().write("shutdown\r\n".getBytes(StandardCharsets.US_ASCII));
                replies.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static Socket connect(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_NANOS;
        while (true) {
            try {
                return new Socket("127.0.0.1", port);
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Thread.sleep(5);
            }
        }
    }

    private static void readUntil(InputStream replies, String ending) throws IOException {
        int matched = 0;
        while (matched < ending.length()) {
            int next = replies.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            matched = next == ending.charAt(matched) ? matched + 1 : next == ending.charAt(0) ? 1 : 0;
        }
    }

    @Override
    public void close() throws IOException {
        backend.close();
        Files.deleteIfExists(configuration);
    }
}
