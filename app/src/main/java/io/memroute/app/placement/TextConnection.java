package io.memroute.app.placement;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that speaks memcached's classic protocol, one thread at a time. */
final class TextConnection implements AutoCloseable {

    /** Bounds connecting, and each reply. */
    private static final int TIMEOUT_MILLIS = 5_000;

    private static final int LONGEST_LINE = 4_096;

    private final InetSocketAddress address;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private TextConnection(InetSocketAddress address, Socket socket) throws IOException {
        this.address = address;
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** @throws IOException with the address, if nobody answers there */
    static TextConnection to(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            return new TextConnection(address, socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException(text(address) + ": " + e.getMessage(), e);
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    void write(String before, byte[] key, String after) throws IOException {
        out.write(before.getBytes(StandardCharsets.US_ASCII));
        out.write(key);
        out.write(after.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends what has been written, and reads a line without its end. */
    String readLine() throws IOException {
        out.flush();
        StringBuilder line = new StringBuilder();
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("has closed the connection");
                }
                if (line.length() > LONGEST_LINE) {
                    throw new IOException("does not speak memcached's protocol");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
        } catch (IOException e) {
            throw new IOException(this + ": " + e.getMessage(), e);
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was to be sent or read any more.
        }
    }

    @Override
    public String toString() {
        return text(address);
    }
}
