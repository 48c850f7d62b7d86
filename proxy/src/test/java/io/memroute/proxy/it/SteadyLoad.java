package io.memroute.proxy.it;

import io.memroute.testkit.Deadline;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Clients that set and get without pause while backends come and go. Every key belongs to one backend, so that replies
 * can be counted by the backend they came from; every value names its key, so that a reply that went to the wrong
 * request shows. Error replies are counted, never tolerated silently; anything that is neither a proper reply nor an
 * error line is a failure.
 */
final class SteadyLoad implements AutoCloseable {

    /** Requests sent together by one client; their replies are read before the next. */
    private static final int BATCH = 32;

    /** No reply may take longer, whatever happens to a backend. */
    private static final int REPLY_LIMIT_MILLIS = 15_000;

    private final int port;
    private final List<List<String>> keysByBackend;
    private final AtomicLongArray good;
    private final AtomicLongArray errors;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> errorTexts = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private SteadyLoad(int port, List<List<String>> keysByBackend) {
        this.port = port;
        this.keysByBackend = keysByBackend;
        this.good = new AtomicLongArray(keysByBackend.size());
        this.errors = new AtomicLongArray(keysByBackend.size());
    }

    /** Starts this many clients for each backend and this many that ask all backends in turn. */
    static SteadyLoad start(int port, List<List<String>> keysByBackend, int clientsPerBackend, int mixedClients) {
        SteadyLoad load = new SteadyLoad(port, keysByBackend);
        for (int client = 0; client < clientsPerBackend; client++) {
            for (int backend = 0; backend < keysByBackend.size(); backend++) {
                int only = backend;
                load.threads.add(Thread.ofVirtual().start(() -> load.run(only)));
            }
        }
        for (int client = 0; client < mixedClients; client++) {
            load.threads.add(Thread.ofVirtual().start(() -> load.run(-1)));
        }
        return load;
    }

    /** Proper replies from a backend so far. */
    long good(int backend) {
        return good.get(backend);
    }

    /** Error replies to requests for a backend so far. */
    long errors(int backend) {
        return errors.get(backend);
    }

    /** Whatever was wrong: lost connections, wrong bytes, replies that never came. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Every different error line, once. */
    List<String> errorTexts() {
        return errorTexts.stream().distinct().sorted().toList();
    }

    /** Waits until so many more proper replies have come from a backend. */
    void awaitGood(int backend, long more) {
        long goal = good(backend) + more;
        Deadline.await(
                more + " more good replies from backend " + backend,
                Deadline.USUAL,
                () -> good(backend) >= goal || !failures.isEmpty(),
                () -> failures + " " + errorTexts());
    }

    /** Waits until so many more error replies have come for a backend. */
    void awaitErrors(int backend, long more) {
        long goal = errors(backend) + more;
        Deadline.await(
                more + " more error replies for backend " + backend,
                Deadline.USUAL,
                () -> errors(backend) >= goal || !failures.isEmpty(),
                failures::toString);
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(REPLY_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void run(int onlyBackend) {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_LIMIT_MILLIS);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 32 * 1024));
            OutputStream out = socket.getOutputStream();
            for (int round = 0; !stopping; round++) {
                StringBuilder batch = new StringBuilder();
                for (int i = 0; i < BATCH; i++) {
                    String key = key(onlyBackend, round, i);
                    batch.append(
                            i % 4 == 0
                                    ? "set " + key + " 0 0 " + value(key).length() + "\r\n" + value(key) + "\r\n"
                                    : "get " + key + "\r\n");
                }
                out.write(batch.toString().getBytes(StandardCharsets.ISO_8859_1));
                for (int i = 0; i < BATCH; i++) {
                    count(backend(onlyBackend, i), key(onlyBackend, round, i), i % 4 == 0, in);
                }
            }
        } catch (IOException | IllegalStateException e) {
            failures.add(e.toString());
        }
    }

    private void count(int backend, String key, boolean set, DataInputStream in) throws IOException {
        String line = line(in);
        if (line.startsWith("SERVER_ERROR ")) {
            errorTexts.add(line);
            errors.incrementAndGet(backend);
            return;
        }
        if (set) {
            require(line.equals("STORED"), key, line);
        } else if (!line.equals("END")) {
            require(line.equals("VALUE " + key + " 0 " + value(key).length()), key, line);
            require(line(in).equals(value(key)), key, "another value");
            line = line(in);
            require(line.equals("END"), key, line);
        }
        good.incrementAndGet(backend);
    }

    private static void require(boolean right, String key, String got) {
        if (!right) {
            throw new IllegalStateException("asked for " + key + " but got: " + got);
        }
    }

    private int backend(int only, int index) {
        return only >= 0 ? only : index % keysByBackend.size();
    }

    private String key(int onlyBackend, int round, int index) {
        List<String> keys = keysByBackend.get(backend(onlyBackend, index));
        return keys.get((round + index) % keys.size());
    }

    /** Longer than what one read may bring, now and then. */
    private static String value(String key) {
        return (key + "/").repeat(key.hashCode() % 7 == 0 ? 400 : 10);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the proxy closed the connection after \"" + line + "\"");
            }
            line.append((char) b);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line without a carriage return: \"" + line + "\"");
        }
        return line.substring(0, line.length() - 1);
    }
}
