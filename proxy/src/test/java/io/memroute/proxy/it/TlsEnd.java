package io.memroute.proxy.it;

import io.memroute.testkit.RawConnection;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** One end of a connection with TLS, record by record, so that a test may stop within any of them. */
final class TlsEnd {

    private static final int HEADER_BYTES = 5;
    /** More than a record has, with all that TLS may add to it. */
    private static final int RECORD_BYTES = 17_000;

    private final RawConnection connection;
    private final SSLEngine engine;
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();

    private TlsEnd(RawConnection connection, SSLEngine engine) throws SSLException {
        this.connection = connection;
        this.engine = engine;
        engine.beginHandshake();
    }

    static TlsEnd ofClient(RawConnection connection, SSLContext context) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        return new TlsEnd(connection, engine);
    }

    static TlsEnd ofServer(RawConnection connection, SSLContext context) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return new TlsEnd(connection, engine);
    }

    /** Shakes hands to the end. */
    TlsEnd greet() throws SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> connection.send(records(""));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> receive();
                case FINISHED, NOT_HANDSHAKING -> {
                    return this;
                }
            }
        }
    }

    /** Reads the other side's first words, and returns the answer instead of sending it. */
    byte[] answerToHello() throws SSLException {
        receive();
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        return records("");
    }

    /** The records with that text, and before it those of the handshake that are due. */
    byte[] records(String text) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
        do {
            record.clear();
            engine.wrap(source, record);
            all.write(record.array(), 0, record.position());
        } while (source.hasRemaining()
                || engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP
                        && !engine.isOutboundDone());
        return all.toByteArray();
    }

    /** The record that says that nothing follows. */
    byte[] lastRecord() throws SSLException {
        engine.closeOutbound();
        return records("");
    }

    void send(String text) throws SSLException {
        connection.send(records(text));
    }

    /** Reads records until they have had that text, and fails if they begin with another. */
    void expect(String text) throws SSLException {
        while (plain.size() < text.length()) {
            receive();
        }
        byte[] received = plain.toByteArray();
        String begin = new String(received, 0, text.length(), StandardCharsets.ISO_8859_1);
        if (!begin.equals(text)) {
            throw new AssertionError("expected " + text + " but got " + begin);
        }
        plain.reset();
        plain.write(received, text.length(), received.length - text.length());
    }

    private void receive() throws SSLException {
        byte[] header = connection.read(HEADER_BYTES);
        int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
        byte[] record = Arrays.copyOf(header, HEADER_BYTES + length);
        System.arraycopy(connection.read(length), 0, record, HEADER_BYTES, length);
        ByteBuffer source = ByteBuffer.wrap(record);
        ByteBuffer target = ByteBuffer.allocate(RECORD_BYTES);
        while (source.hasRemaining()) {
            engine.unwrap(source, target);
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            }
        }
        plain.write(target.array(), 0, target.position());
    }
}
