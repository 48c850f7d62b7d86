package io.memroute.app.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A gentle load on the demo, some hundred requests a second, so that there is something to see: an application that
 * looks pages up and stores what it missed, with sessions, a counter, a few hot keys, and busier and calmer minutes.
 */
final class DemoLoad implements AutoCloseable {

    private static final int CLIENTS = 4;

    /** Between two steps of a client; half as long and half as much again in the course of {@link #WAVE_NANOS}. */
    private static final long PAUSE_MILLIS = 16;

    private static final double WAVE_NANOS = 45e9;

    /** After a failure, as while the port is not listened on any more. */
    private static final long RETRY_MILLIS = 1000;

    private static final int PAGES = 2000;
    private static final int SESSIONS = 400;
    /** Sessions of people who try the demo out have small numbers. */
    private static final int FIRST_SESSION = 1000;

    private final String host;
    private final int port;
    private final List<Thread> clients = new ArrayList<>();

    private DemoLoad(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Sends requests until it is closed. */
    static DemoLoad start(String host, int port) {
        DemoLoad load = new DemoLoad(host, port);
        for (int seed = 0; seed < CLIENTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            load.clients.add(
                    Thread.ofVirtual().name("memroute-demo-load-" + seed).start(() -> load.run(random)));
        }
        return load;
    }

    private void run(SplittableRandom random) {
        try {
            while (true) {
                try (Socket socket = new Socket(host, port)) {
                    socket.setTcpNoDelay(true);
                    Client client = new Client(socket, random);
                    while (true) {
                        client.step();
                        double wave = 1 + 0.5 * Math.sin(2 * Math.PI * System.nanoTime() / WAVE_NANOS);
                        Thread.sleep((long) (PAUSE_MILLIS * wave * random.nextDouble(0.5, 1.5)));
                    }
                } catch (IOException e) {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        clients.forEach(Thread::interrupt);
    }

    /** One client of the application. */
    private static final class Client {
        private final InputStream in;
        private final OutputStream out;
        private final SplittableRandom random;

        private Client(Socket socket, SplittableRandom random) throws IOException {
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            this.random = random;
        }

        private void step() throws IOException {
            int kind = random.nextInt(100);
            if (kind < 12) {
                lookUp("page:home", 4000, 300);
            } else if (kind < 60) {
                lookUp(page(), random.nextInt(200, 3000), random.nextInt(60, 600));
            } else if (kind < 72) {
                ask("get " + page() + " " + page() + " " + page());
            } else if (kind < 90) {
                String session = "session/" + (FIRST_SESSION + random.nextInt(SESSIONS));
                if (random.nextInt(4) == 0) {
                    store(session, 120, 1800);
                } else {
                    lookUp(session, 120, 1800);
                }
            } else if (kind < 94) {
                if (ask("incr visits 1").equals("NOT_FOUND")) {
                    store("visits", 1, 0);
                }
            } else if (kind < 97) {
                ask("delete " + page());
            } else {
                lookUp("scratch/" + random.nextInt(50), 300, 30);
            }
        }

        /** Few pages are asked for often. */
        private String page() {
            return "page:" + (int) (PAGES * Math.pow(random.nextDouble(), 4));
        }

        /** Reads a key, and stores it if it is not there. */
        private void lookUp(String key, int bytes, int ttlSeconds) throws IOException {
            if (ask("get " + key).equals("END")) {
                store(key, bytes, ttlSeconds);
            }
        }

        private void store(String key, int bytes, int ttlSeconds) throws IOException {
            ask("set " + key + " 0 " + ttlSeconds + " " + bytes + "\r\n" + "1".repeat(bytes));
        }

        /** Sends a command and returns the first line of its reply; the rest of it is read. */
        private String ask(String command) throws IOException {
            out.write((command + "\r\n").getBytes(US_ASCII));
            String first = line();
            for (String line = first; line.startsWith("VALUE "); line = line()) {
                in.skipNBytes(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)) + 2);
            }
            return first;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException();
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }
    }
}
