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
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The work that runs while the JVM records an ahead-of-time cache (JEP 483, 514, 515): an ordinary start on a small
 * configuration, requests of every usual kind in numbers that make the profiles mean something, and an ordinary end. It
 * ends by itself within seconds.
 */
public final class StartTraining {

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

    private StartTraining() {}

    /** @throws IllegalStateException if the server it starts does not behave */
    public static void run() throws IOException, ConfigException, InterruptedException {
        Path configuration = Files.createTempFile("memroute-train-", ".lua");
        try (ProxyServer backend = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .build())) {
            Files.writeString(configuration, configuration(backend));
            int port = freePort();
            CompletableFuture<Integer> server = CompletableFuture.supplyAsync(
                    () -> ServerCommand.run(List.of(configuration.toString(), "-A", "-l", "127.0.0.1:" + port), true));
            load(port);
            if (server.get() != 0) {
                throw new IllegalStateException("the server ended with status " + server.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the server ended with " + e.getCause(), e);
        } finally {
            Files.delete(configuration);
        }
    }

    private static String configuration(ProxyServer backend) {
        int port = ((InetSocketAddress) backend.addresses().getFirst()).getPort();
        return """
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
                """.formatted(port);
    }

    private static void load(int port) throws IOException, InterruptedException {
        try (Socket client = connect(port)) {
            InputStream replies = new BufferedInputStream(client.getInputStream());
            byte[] requests = REQUESTS.getBytes(StandardCharsets.US_ASCII);
            for (int round = 0; round < ROUNDS; round++) {
                client.getOutputStream().write(requests);
                readUntil(replies, LAST_REPLY);
            }
            client.getOutputStream()
                    .write("stats\r\nstats proxy\r\nversion\r\nmn\r\n".getBytes(StandardCharsets.US_ASCII));
            readUntil(replies, LAST_REPLY);
            client.getOutputStream().write("shutdown\r\n".getBytes(StandardCharsets.US_ASCII));
            replies.transferTo(OutputStream.nullOutputStream());
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

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
