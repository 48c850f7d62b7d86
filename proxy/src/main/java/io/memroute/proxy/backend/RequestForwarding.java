package io.memroute.proxy.backend;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;

/**
 * How a client's request is written to a backend: as the bytes that came in, except that the backend must answer
 * what the client did not want answered, because replies are matched to requests by their order.
 *
 * @see "proxy-api.md section 4.5"
 */
final class RequestForwarding {

    private RequestForwarding() {}

    /** Appends the request's line, and its value if it has one. */
    static void append(Call call, OutputBuffer out) {
        Request request = call.request();
        if (request.partOfMultiget()) {
            appendPrefix(request, out);
            out.append(request.buffer(), request.keyIndex(), request.keyLength());
            out.append(Replies.CRLF);
            return;
        }
        int lineBytes = request.end() - request.start();
        int valueBytes = request.valueLength() < 0 ? 0 : request.valueLength() + 2;
        boolean valueFollows = valueBytes > 0 && call.value() == null;
        if (valueFollows && !request.noreply() && !request.quiet()) {
            out.append(request.buffer(), request.start(), lineBytes + valueBytes);
            return;
        }
        out.append(request.buffer(), request.start(), lineBytes);
        if (request.noreply()) {
            disarmNoreply(request, out);
        } else if (request.quiet()) {
            disarmQuiet(request, out);
        }
        if (valueFollows) {
            out.append(request.buffer(), request.end(), valueBytes);
        } else if (valueBytes > 0) {
            appendValue(call.value(), out);
        }
    }

    /** Appends what stands before the first key of a multi-key get: the command word, for gat also the expiry. */
    static void appendPrefix(Request request, OutputBuffer out) {
        out.append(request.buffer(), request.start(), request.prefixLength());
    }

    private static void appendValue(ByteBuf value, OutputBuffer out) {
        out.appendOwned(value.retainedDuplicate());
    }

    /**
     * Backends do not know the option {@code noreplY} and so answer, as memcached's proxy arranges it; {@code delete} refuses
     * what it does not know, so there the option gives way to spaces.
     */
    private static void disarmNoreply(Request request, OutputBuffer out) {
        int end = request.end() - request.lineEnd();
        int last = request.lineEnd() - 1;
        while (request.buffer().getByte(last) == ' ') {
            last--;
            end++;
        }
        if (request.command() != Command.DELETE) {
            out.replaceFromEnd(end + 1, (byte) 'Y');
            return;
        }
        for (int i = 0; i < "noreply".length(); i++) {
            out.replaceFromEnd(end + 1 + i, (byte) ' ');
        }
    }

    /** The flag gives way to spaces, and so does a text behind it, which servers pass over: what is left of {@code qq} would be quiet too. */
    private static void disarmQuiet(Request request, OutputBuffer out) {
        int text = request.flagTokenIndex('q');
        int end = text + request.flagTokenLength('q');
        for (int i = text - 1; i < end; i++) {
            out.replaceFromEnd(request.end() - i, (byte) ' ');
        }
    }
}
