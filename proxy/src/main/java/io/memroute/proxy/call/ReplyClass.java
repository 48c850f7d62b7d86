package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;

/**
 * The quality of a reply, for a route that has to choose; worst first.
 *
 * <p>Only a get has misses. {@code NOT_FOUND}, {@code NOT_STORED}, {@code EXISTS} and their meta forms are what the
 * client asked for: the server's decision, as final as {@code STORED}.
 *
 * @see "docs/reference/route-library.md section 2.1"
 */
public enum ReplyClass {
    /** None came within the route's {@code wait}. */
    EXPIRED,
    /** An error line, or the backend could not be asked: {@code RES_ANY} without {@code ok()}. */
    ERROR,
    /** {@code END} or {@code EN} to a get: {@code RES_OK}. */
    MISS,
    /** Everything else: {@code RES_GOOD}. */
    GOOD;

    private static final ReplyClass[] BY_TYPE = new ReplyClass[ReplyType.values().length];

    static {
        for (ReplyType type : ReplyType.values()) {
            BY_TYPE[type.ordinal()] = type.isHit() ? GOOD : type.isMiss() ? MISS : ERROR;
        }
    }

    public static ReplyClass of(Reply reply) {
        return reply == FixedReply.WAIT_EXPIRED ? EXPIRED : BY_TYPE[reply.type().ordinal()];
    }
}
