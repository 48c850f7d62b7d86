package io.memroute.proxy.call;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.RequestError;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** The replies that the proxy itself gives, as views that all workers may read at once. */
public final class FixedReply {

    // ---- replies of memcached ----

    /** A classic get without a hit. */
    public static final Reply END = of(Replies.END);

    public static final Reply EN = of(Replies.EN);
    public static final Reply NF = of(Replies.NF);
    public static final Reply NS = of(Replies.NS);
    public static final Reply NOT_FOUND = of(Replies.NOT_FOUND);
    public static final Reply NOT_STORED = of(Replies.NOT_STORED);
    public static final Reply OK = of(Replies.OK);
    public static final Reply ERROR = of(Replies.ERROR);
    public static final Reply BAD_DATA_CHUNK = of(Replies.BAD_DATA_CHUNK);
    public static final Reply BAD_DELETE = line("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]");
    public static final Reply BAD_EXPTIME = of(RequestError.INVALID_EXPTIME.reply());
    public static final Reply TOO_MANY_FLAGS = of(RequestError.TOO_MANY_FLAGS.reply());
    public static final Reply OUT_OF_MEMORY_GET = of(Replies.OUT_OF_MEMORY_GET);

    // ---- replies of memcached's proxy ----

    // A merged get may be asked again after a failure: the next five are then about asking again.

    /** The backend was asked and the connection broke; or it is not known what happened. */
    public static final Reply BACKEND_FAILURE = of(Replies.BACKEND_FAILURE);

    /** The backend was not asked: it is marked bad or down. Told from the others by routes, not by clients. */
    public static final Reply BACKEND_BAD = of(Replies.BACKEND_FAILURE);

    /** The backend was not asked: there is no connection, and none could be made. */
    public static final Reply BACKEND_NOT_CONNECTED = of(Replies.BACKEND_FAILURE);

    /** The backend was not asked: too many requests wait for it. */
    public static final Reply BACKEND_FULL = of(Replies.BACKEND_FAILURE);

    /** The backend was asked and did not answer in time. */
    public static final Reply BACKEND_LATE = of(Replies.BACKEND_FAILURE);

    /** A reply came that the asker cannot use. */
    public static final Reply BAD_RESPONSE = of(Replies.BAD_RESPONSE);

    public static final Reply LUA_FAILURE = of(Replies.LUA_FAILURE);
    public static final Reply LUA_START_FAILURE = of(Replies.LUA_START_FAILURE);
    public static final Reply FLUSH_ALL_NOT_ALLOWED = of(Replies.FLUSH_ALL_NOT_ALLOWED);

    // ---- replies of memroute ----

    /**
     * No reply came within a route's {@code wait}. Not sent by any backend, so told from errors that are; routes prefer
     * any of those to it.
     */
    public static final Reply WAIT_EXPIRED = line("SERVER_ERROR no reply within the wait of the route");

    /** The command has no line that a server can be sent. */
    public static final Reply NOT_SENDABLE = line("CLIENT_ERROR this command cannot be sent to a server");

    /** The server would answer {@code me} with a binary key as it is. */
    public static final Reply KEY_NOT_SHOWN = line("CLIENT_ERROR me cannot show this binary key");

    public static final Reply NO_TTL_COMMAND = line("SERVER_ERROR invalid command for route_ttl");
    public static final Reply PREFIXED_KEY_TOO_LONG = line("CLIENT_ERROR key too long after route_prefix");
    public static final Reply PREFIXED_KEY_EMPTY = line("CLIENT_ERROR key empty after route_prefix");

    private FixedReply() {}

    /** Whether it is the answer to a request that a backend could not be asked, or has not answered. */
    public static boolean isBackendFailure(Reply reply) {
        return reply == BACKEND_FAILURE
                || reply == BACKEND_BAD
                || reply == BACKEND_NOT_CONNECTED
                || reply == BACKEND_FULL
                || reply == BACKEND_LATE;
    }

    private static Reply line(String text) {
        return of(Replies.line(text));
    }

    /**
     * Returns a view of one whole reply line.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Reply of(byte[] line) {
        Reply reply = new Reply();
        if (ReplyParser.parse(Unpooled.wrappedBuffer(line), 0, line.length, reply) != ReplyParser.COMPLETE) {
            throw new IllegalArgumentException("not a reply line: " + new String(line, StandardCharsets.ISO_8859_1));
        }
        // Finds the tokens now, so that nothing is written to the view when it is read later.
        reply.tokenCount();
        return reply;
    }
}
