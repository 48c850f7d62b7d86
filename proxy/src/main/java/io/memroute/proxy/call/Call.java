package io.memroute.proxy.call;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;

/**
 * One request on its way to whoever answers it, and what becomes of the reply. Owned by the worker's thread.
 *
 * <p>Whoever is given a call answers it exactly once: with {@link #replied} when the whole reply is at hand, or, for a
 * large value still arriving, with {@link #replyBegins}, {@link #replyBytes} any number of times, and
 * {@link #replyEnds} or {@link #replyBreaks}.
 *
 * <p>A call may be answered before the method it was given to returns.
 */
public abstract class Call {

    private static final Reply BAD_RESPONSE = FixedReply.of(Replies.BAD_RESPONSE);

    /** What is asked. Stays valid until the call has been answered, and longer if its {@link #holder()} is retained. */
    public Request request() {
        return holder().request();
    }

    /**
     * The request's value with its {@code \r\n} if it lies apart from the line (a large one); null if it follows the
     * line in {@link Request#buffer()}, or there is none. The callee takes a reference of its own if it keeps it.
     */
    public ByteBuf value() {
        return holder().value();
    }

    /** As {@link RequestHolder#clientDescriptor()}. */
    public int clientDescriptor() {
        return holder().clientDescriptor();
    }

    /** Who keeps the request: to be retained by those who need it longer than until this call is answered. */
    public abstract RequestHolder holder();

    /**
     * The reply, with its whole value, if it has one, behind the line in the reply's buffer. A classic get's
     * {@code END} is not part of it: a hit is the {@code VALUE} line and its value, a miss is {@code END}.
     *
     * @param reply valid only until this method returns
     */
    public abstract void replied(Reply reply);

    /**
     * Bytes of a Lua function that are no reply; a client gets them as they are.
     *
     * @param bytes valid only until this method returns
     */
    public void answered(ByteBuf bytes) {
        replied(BAD_RESPONSE);
    }

    /**
     * A reply whose value is large and has not wholly arrived. Those who expect lines only leave this and the next
     * three as they are: the value is skipped, and the reply counts as none.
     *
     * @param reply valid only until this method returns; its line is repeated by the first {@link #replyBytes}
     * @param totalBytes length of the line and the value with their line ends, as the server has announced it
     */
    public void replyBegins(Reply reply, int totalBytes) {}

    /** The next bytes of a reply begun; a reference must be taken if they are to be kept. */
    public void replyBytes(ByteBuf source, int index, int length) {}

    /** All bytes of a reply begun have been given. */
    public void replyEnds() {
        replied(BAD_RESPONSE);
    }

    /** The connection failed in the middle of a reply begun. */
    public void replyBreaks() {
        replied(FixedReply.BACKEND_FAILURE);
    }
}
