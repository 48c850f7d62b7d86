package io.memroute.proxy.log;

import io.memroute.protocol.ReplyType;

/**
 * The reply in a line about a request, in the numbers of memcached's proxy.
 *
 * @param type the kind of reply
 * @param code as {@code res:code()}
 * @param ok whether the server answered, misses included
 * @see "docs/reference/proxy-api.md section 3.11"
 */
public record LoggedReply(int type, int code, boolean ok) {

    /** A script gave none. */
    public static final LoggedReply NONE = new LoggedReply(0, 0, true);

    /** The server sent none. */
    public static final LoggedReply FAILED = new LoggedReply(0, ReplyType.SERVER_ERROR.code(), false);

    /** The reply of a server. */
    public static LoggedReply of(ReplyType sent) {
        return new LoggedReply(type(sent), sent.code(), sent.isOk());
    }

    private static int type(ReplyType sent) {
        return switch (sent) {
            case VALUE -> 100;
            case VA, HD, EN, EX, NF, NS, MN, ME, UNKNOWN_META -> 101;
            case STAT -> 102;
            case STORED, EXISTS, DELETED, TOUCHED, NOT_FOUND, NOT_STORED, OK -> 104;
            case END -> 105;
            case VERSION -> 106;
            case NUMBER -> 107;
            case ERROR, CLIENT_ERROR, SERVER_ERROR -> 108;
            case UNKNOWN -> 109;
        };
    }

    /** The judgement of a route. */
    String judged() {
        if (!ok) {
            return "any";
        }
        return code == ReplyType.END.code() ? "ok" : "good";
    }
}
