package io.memroute.proxy.backend.line;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;

/**
 * Judges whether a server may have refused a line without reading the value behind it, which it then takes for
 * commands: a command that it does not know, a classic storage command that it calls malformed, or an {@code ms} that
 * it refuses before it has looked at the flags.
 *
 * <p>Read in {@code process_mset_command} and {@code _meta_flag_preparse} of memcached 1.6.10 to 1.6.45.
 */
public final class UnreadValue {

    /** The errors of {@code ms} after which every memcached that knows the command passes over the value. */
    private static final byte[][] SKIPPED = Stream.concat(
                    Stream.of(
                                    RequestError.DUPLICATE_FLAG,
                                    RequestError.INVALID_FLAG,
                                    RequestError.BAD_FLAG_TOKEN,
                                    RequestError.UNDECODABLE_KEY,
                                    RequestError.OPAQUE_TOO_LONG,
                                    RequestError.INVALID_INITIAL_VALUE,
                                    RequestError.INVALID_DELTA_VALUE,
                                    RequestError.INVALID_SET_MODE)
                            .map(RequestError::reply),
                    // Until 1.6.39.
                    Stream.of(Replies.line("CLIENT_ERROR incorrect length for M token")))
            .toArray(byte[][]::new);

    private UnreadValue() {}

    /** Returns whether the value of a request that got this reply may be unread. */
    public static boolean possible(Request request, Reply reply) {
        if (!request.command().hasValue()) {
            return false;
        }
        ReplyType type = reply.type();
        return type == ReplyType.ERROR
                || type == ReplyType.CLIENT_ERROR && (request.command() != Command.MS || !skips(request, reply));
    }

    private static boolean skips(Request request, Reply reply) {
        for (byte[] error : SKIPPED) {
            if (is(reply, error)) {
                return true;
            }
        }
        // Client flags that are too large for the server. A key or length that is wrong has the same text, and is not
        // sent.
        return request.hasFlag('F') && is(reply, RequestError.BAD_LINE.reply());
    }

    private static boolean is(Reply reply, byte[] error) {
        int length = error.length - Replies.CRLF.length;
        return reply.lineEnd() - reply.start() == length
                && ByteBufUtil.equals(reply.buffer(), reply.start(), Unpooled.wrappedBuffer(error), 0, length);
    }
}
