package io.memroute.proxy.it;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A client that sends a long random stream of every kind of request on keys of its own, many outstanding, and knows
 * every byte of every reply beforehand ({@link KeyModel}). One thread writes, one reads and compares.
 */
final class ModelClient {

    /** Requests with a reply that may be outstanding; replies of this many must fit in what the proxy may buffer. */
    private static final int OUTSTANDING = 64;

    /** A reply that takes longer is lost. */
    private static final int REPLY_LIMIT_SECONDS = 30;

    /** Follows the last reply in the queue. */
    private static final byte[] END = {};

    private final int port;
    private final KeyModel model;
    private final int requests;
    private final BlockingQueue<byte[]> expected = new ArrayBlockingQueue<>(OUTSTANDING);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * @param name begins every key, so that no two clients share one
     * @param seed decides the whole stream; a failure names it
     */
    ModelClient(int port, String name, long seed, int requests) {
        this.port = port;
        this.requests = requests;
        this.model = new KeyModel(name, new SplittableRandom(seed));
    }

    /** Runs to the end of the stream; an {@link AssertionError} tells of the first reply that is wrong. */
    void run() {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_LIMIT_SECONDS * 1000);
            Thread writer = Thread.ofVirtual().start(() -> write(socket));
            try {
                compareReplies(socket.getInputStream());
            } finally {
                writer.interrupt();
            }
        } catch (IOException e) {
            fail(e);
        }
        if (failure.get() != null) {
            throw new AssertionError(
                    "client " + model.name() + ": " + failure.get().getMessage(), failure.get());
        }
    }

    private void write(Socket socket) {
        try {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 8192);
            for (int i = 0; i < requests; i++) {
                KeyModel.Exchange exchange = model.next();
                out.write(exchange.request());
                if (exchange.reply().length == 0) {
                    continue;
                }
                if (!expected.offer(exchange.reply())) {
                    // Full: what is buffered must leave before its reply can be waited for.
                    out.flush();
                    expected.put(exchange.reply());
                }
                if (exchange.flush()) {
                    out.flush();
                }
            }
            out.write("mn\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            expected.put("MN\r\n".getBytes(StandardCharsets.ISO_8859_1));
            expected.put(END);
        } catch (InterruptedException e) {
            // The reader has failed and said so.
        } catch (IOException e) {
            fail(e);
        }
    }

    private void compareReplies(InputStream socket) throws IOException {
        InputStream in = new BufferedInputStream(socket, 64 * 1024);
        long received = 0;
        while (true) {
            byte[] reply;
            try {
                reply = expected.poll(REPLY_LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                fail(e);
                return;
            }
            if (reply == END) {
                return;
            }
            if (reply == null) {
                fail(new AssertionError("the writer stopped after " + received + " replies"));
                return;
            }
            byte[] actual = in.readNBytes(reply.length);
            if (!Arrays.equals(reply, actual)) {
                fail(new AssertionError("reply " + received + " differs from byte " + Arrays.mismatch(reply, actual)
                        + ": expected " + visible(reply) + " but got " + visible(actual)));
                return;
            }
            received++;
        }
    }

    private static String visible(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 300), StandardCharsets.ISO_8859_1);
        return '"' + text.replace("\r", "\\r").replace("\n", "\\n") + '"';
    }

    private void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }
}
