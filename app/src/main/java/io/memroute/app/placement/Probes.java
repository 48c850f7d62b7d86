package io.memroute.app.placement;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out where a proxy that runs has its keys: stores keys of its own by way of it, looks which server has them, and
 * takes them away again. They expire by themselves if that should fail.
 */
public final class Probes {

    /** The words for a key that no server of the pool has. */
    private static final String NOWHERE = "no server of the pool";

    /** Requests that are sent before their replies are read; they and their replies fit into any socket's buffers. */
    private static final int BATCH = 50;

    private static final int LIFE_SECONDS = 300;

    private Probes() {}

    /**
     * Compares where a pool has keys with where the proxy has them.
     *
     * @param keys what the keys that are stored begin with
     * @throws IOException if the proxy or a server does not answer as memcached does, or the process is to end
     * @throws IllegalArgumentException if the pool's servers cannot be asked
     */
    public static Agreement.Result compare(PoolSpec pool, InetSocketAddress proxy, List<byte[]> keys)
            throws IOException {
        if (pool.backends().stream().anyMatch(backend -> backend.tls().enabled())) {
            throw new IllegalArgumentException(
                    "the servers of pool \"" + pool.name() + "\" want TLS, which probes do not speak");
        }
        String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        List<byte[]> probes = Keys.probes(keys, run);
        if (probes.isEmpty()) {
            throw new IllegalArgumentException("all keys are too long for probes, which add 24 bytes to them");
        }
        Placement here = Placement.of(pool);
        Agreement agreement = new Agreement();
        try (Interruption interruption = Interruption.await();
                TextConnection old = TextConnection.to(proxy);
                Servers servers = new Servers(pool);
                Progress progress = Progress.on(probes.size())) {
            for (int from = 0; from < probes.size(); from += BATCH) {
                if (interruption.came()) {
                    throw new InterruptedIOException("interrupted; the probes have been taken away");
                }
                List<byte[]> batch = probes.subList(from, Math.min(probes.size(), from + BATCH));
                try {
                    store(old, batch);
                    for (byte[] key : batch) {
                        String expected = here.serverOf(key);
                        agreement.add(key, expected, servers.serverWith(key, expected));
                    }
                } finally {
                    takeAway(old, batch);
                }
                progress.done(from + batch.size());
            }
        }
        return agreement.result();
    }

    private static void store(TextConnection old, List<byte[]> keys) throws IOException {
        for (byte[] key : keys) {
            old.write("set ", key, " 0 " + LIFE_SECONDS + " 1\r\nx\r\n");
        }
        for (byte[] key : keys) {
            String reply = old.readLine();
            if (!reply.equals("STORED")) {
                throw new IOException(
                        old + " does not store " + new String(key, StandardCharsets.UTF_8) + ": " + reply);
            }
        }
    }

    private static void takeAway(TextConnection old, List<byte[]> keys) throws IOException {
        for (byte[] key : keys) {
            old.write("delete ", key, "\r\n");
        }
        for (int i = 0; i < keys.size(); i++) {
            old.readLine();
        }
    }

    /** Connections to the servers of a pool. */
    private static final class Servers implements AutoCloseable {

        private final List<String> names = new ArrayList<>();
        private final List<TextConnection> connections = new ArrayList<>();

        Servers(PoolSpec pool) throws IOException {
            try {
                for (BackendSpec backend : pool.backends()) {
                    String name = backend.host() + ":" + backend.port();
                    if (!backend.down() && !names.contains(name)) {
                        connections.add(TextConnection.to(new InetSocketAddress(backend.host(), backend.port())));
                        names.add(name);
                    }
                }
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        /** The server that has a key; the expected one is asked first. */
        String serverWith(byte[] key, String expected) throws IOException {
            int first = names.indexOf(expected);
            if (first >= 0 && has(connections.get(first), key)) {
                return expected;
            }
            for (int i = 0; i < names.size(); i++) {
                if (i != first && has(connections.get(i), key)) {
                    return names.get(i);
                }
            }
            return NOWHERE;
        }

        private static boolean has(TextConnection server, byte[] key) throws IOException {
            server.write("get ", key, "\r\n");
            String reply = server.readLine();
            if (reply.equals("END")) {
                return false;
            }
            if (!reply.startsWith("VALUE ")) {
                throw new IOException(server + " answers a get with " + reply);
            }
            server.readLine();
            server.readLine();
            return true;
        }

        @Override
        public void close() {
            connections.forEach(TextConnection::close);
        }
    }
}
