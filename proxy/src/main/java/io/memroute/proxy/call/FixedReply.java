package io.memroute.proxy.call;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.netty.buffer.Unpooled;

/** Replies that the proxy itself makes, as views that all workers may read at once. */
public final class FixedReply {

    /** The backend could not be asked, or did not answer: connection lost, timed out, marked bad, queue full. */
    public static final Reply BACKEND_FAILURE = of(Replies.BACKEND_FAILURE);

    /**
     * No reply came within a route's {@code wait}. Not sent by any backend, so told from errors that are; routes prefer
     * any of those to it.
     */
    public static final Reply WAIT_EXPIRED = of(Replies.line("SERVER_ERROR no reply within the wait of the route"));

    private FixedReply() {}

    /**
     * A view of one whole reply line.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Reply of(byte[] line) {
        Reply reply = new Reply();
        if (ReplyParser.parse(Unpooled.wrappedBuffer(line), 0, line.length, reply) != ReplyParser.COMPLETE) {
            throw new IllegalArgumentException(
                    "not a reply line: " + new String(line, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        // Finds the tokens now, so that nothing is written to the view when it is read later.
        reply.tokenCount();
        return reply;
    }
}
