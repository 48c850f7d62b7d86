package io.memroute.proxy.explain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A command as a client would send it, typed by a person: without its line end, and without the value, for which bytes
 * are made up that are as many as the command says.
 */
public final class CommandLine {

    /** Larger values are refused rather than made up: enough for any item size memcached is run with. */
    private static final int MAX_VALUE_BYTES = 128 << 20;

    private final String text;
    private final ByteBuf bytes;
    private final Request request = new Request();
    private final Optional<RequestError> error;

    private CommandLine(String text) {
        this.text = text;
        byte[] line = (text + "\r\n").getBytes(UTF_8);
        ByteBuf received = Unpooled.buffer().writeBytes(line);
        RequestParser parser = new RequestParser(
                RequestParser.DEFAULT_MAX_LINE, RequestParser.DEFAULT_MAX_MULTIGET_LINE, MAX_VALUE_BYTES);
        boolean good = parser.parse(received, 0, line.length, request) == RequestParser.COMPLETE;
        if (good && request.valueLength() >= 0) {
            // Digits, so that the value suits every command.
            for (int i = 0; i < request.valueLength(); i++) {
                received.writeByte('0');
            }
            received.writeBytes(Replies.CRLF);
        }
        this.bytes = received;
        this.error = good ? Optional.empty() : Optional.of(Objects.requireNonNull(request.error(), "the error"));
    }

    /**
     * Reads a command such as {@code get user:42} or {@code set user:42 0 0 5}.
     *
     * @throws IllegalArgumentException if it is more than one line
     */
    public static CommandLine of(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("expected one command on one line, without its value");
        }
        return new CommandLine(text);
    }

    public String text() {
        return text;
    }

    public Command command() {
        return request.command();
    }

    /** Returns the fault of the line; empty if memcached would take it. */
    public Optional<RequestError> error() {
        return error;
    }

    /** The whole request, its value behind the line. */
    Request request() {
        return request;
    }

    ByteBuf bytes() {
        return bytes;
    }

    /** One request for each key, as the proxy routes them: for a multi-key get a view on each of its keys. */
    List<Request> perKey() {
        if (!request.multiKey()) {
            return List.of(request);
        }
        List<Request> views = new ArrayList<>();
        for (int key = request.keyIndex(); key >= 0; ) {
            int end = request.keyEnd(key);
            Request view = new Request();
            view.setKeyOf(request, key, end - key);
            views.add(view);
            key = request.nextKey(end);
        }
        return views;
    }

    /** A request's key as it was sent. */
    static String keyOf(Request request) {
        return request.buffer().toString(request.keyIndex(), request.keyLength(), UTF_8);
    }

    /** A request's line as a server would be sent it, without line end. */
    static String lineOf(Request request) {
        if (request.partOfMultiget()) {
            return request.buffer().toString(request.start(), request.prefixLength(), ISO_8859_1) + keyOf(request);
        }
        return request.buffer().toString(request.start(), request.lineEnd() - request.start(), UTF_8);
    }
}
