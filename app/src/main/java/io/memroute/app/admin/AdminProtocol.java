package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is spoken with an admin listener: one line of words, answered by {@code answer STATUS BYTES} or {@code error
 * STATUS BYTES} on a line and that many bytes of text in UTF-8; then the listener closes the connection.
 */
final class AdminProtocol {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** Of a question: a command line with a few addresses. */
    private static final int MAX_LINE_BYTES = 16 << 10;

    private static final Pattern HEADER =
            Pattern.compile("(?<kind>answer|error) (?<status>[0-9]{1,3}) (?<bytes>[0-9]{1,8})");

    private AdminProtocol() {}

    /** @throws IllegalArgumentException if the words are no line */
    static byte[] question(List<String> words) {
        String line = String.join(" ", words);
        if (line.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("a question to a running proxy is one line, without control characters");
        }
        return (line + "\n").getBytes(UTF_8);
    }

    static byte[] reply(AdminReply reply) {
        byte[] text = reply.text().getBytes(UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ((reply.answer() ? "answer " : "error ") + reply.status() + " " + text.length + "\n").getBytes(UTF_8));
        bytes.writeBytes(text);
        return bytes.toByteArray();
    }

    /** @throws IOException if that is not what comes */
    static AdminReply readReply(InputStream in) throws IOException {
        String line = readLine(in).orElseThrow(() -> new EOFException("it closed the connection without an answer"));
        Matcher header = HEADER.matcher(line);
        if (!header.matches()) {
            throw new IOException("no admin listener: it answered \"" + line + "\"");
        }
        int length = Integer.parseInt(header.group("bytes"));
        byte[] text = in.readNBytes(length);
        if (text.length < length) {
            throw new EOFException("the answer ended after " + text.length + " of " + length + " bytes");
        }
        return new AdminReply(
                Integer.parseInt(header.group("status")),
                header.group("kind").equals("answer"),
                new String(text, UTF_8));
    }

    /**
     * A line without its end; empty if there is none.
     *
     * @throws ProtocolException if it is longer than a question may be
     */
    static Optional<String> readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        while (next >= 0 && next != '\n') {
            if (line.size() >= MAX_LINE_BYTES) {
                throw new ProtocolException("a line has at most " + MAX_LINE_BYTES + " bytes");
            }
            if (next != '\r') {
                line.write(next);
            }
            next = in.read();
        }
        return Optional.of(line.toString(UTF_8));
    }

    static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing an admin connection: {}", e.toString());
        }
    }
}
