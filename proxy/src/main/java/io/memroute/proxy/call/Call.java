package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its answer, and the receiver of the reply. Owned by the worker's thread.
 *
 * <p>Everything on a request's way meets here: a client makes a call of each request, a route passes it on or makes
 * calls of its own for it, a Lua function waits for some, a backend connection sends and answers them. Each knows the
 * next only as the receiver of a call, and the one before only as the call. That is why routes nest in any order, why a
 * stand-in can take the place of a server when a configuration is explained, and why logging, renaming and timing are
 * each one class.
 *
 * <h2>The contract</h2>
 *
 * <p>The receiver of a call answers it exactly once, in one of three ways:
 *
 * <ul>
 *   <li>{@link #replied}: the whole reply is there.
 *   <li>{@link #replyBegins}, then {@link #replyBytes} any number of times, then {@link #replyEnds} or
 *       {@link #replyBreaks}: the value is large and is passed on as it arrives. The first line is enough for a route
 *       to decide, so a large value crosses the proxy without being gathered.
 *   <li>{@link #answered}: a Lua function answers with bytes that are no reply.
 * </ul>
 *
 * <p>There are no exceptions and no timeouts in this contract. A backend that is lost, late or not asked answers its
 * calls with one of the replies for which {@link FixedReply#isBackendFailure} holds; what a route makes of that is its
 * business.
 *
 * <h2>Who may still be there</h2>
 *
 * <p>A call may be answered before the method that it was given to returns. So the sender sets all state before it
 * passes a call on, and looks at nothing afterwards that the answer may have changed. A method that answers several
 * calls expects each of them to send new requests, or to close the connection it is working on.
 *
 * <p>The reply and the buffers given to these methods are valid until the method returns. Whatever is needed longer is
 * copied, or a reference to its buffer is taken.
 *
 * <p>The request is valid until the call is answered. After that the call itself may stand for another request: calls
 * are pooled by their makers. A receiver that answers early, while others are still at work on the request, lets those
 * retain the {@link #holder()}, which keeps the bytes of the request and the routes it runs on.
 *
 * <h2>The kinds of calls</h2>
 *
 * <p>A {@link PassedCall} stands for one other call and changes the request, the reply, or neither; it ends with the
 * call it stands for. A {@link HeldCall} may outlive the call it was made for, and so holds the request. Either may
 * carry an {@link OwnRequest} in place of the client's. A {@link KeptReply} keeps a reply until it is known whether it
 * wins.
 */
public abstract class Call {

    /** The request. It stays valid until the call is answered, and longer if its {@link #holder()} is retained. */
    public Request request() {
        return holder().request();
    }

    /**
     * The request's value with its {@code \r\n} if it lies apart from the line, as a large one does. Any other value
     * follows the line in {@link Request#buffer()}. The callee takes a reference of its own if it keeps it.
     */
    public @Nullable ByteBuf value() {
        return holder().value();
    }

    /** As {@link RequestHolder#identity()}. */
    public Identity identity() {
        return holder().identity();
    }

    /** As {@link RequestHolder#clientDescriptor()}. */
    public int clientDescriptor() {
        return holder().clientDescriptor();
    }

    /** The holder of the request, to be retained by a receiver that needs the request after this call is answered. */
    public abstract RequestHolder holder();

    /**
     * Takes the reply, whose whole value, if it has one, follows the line in the reply's buffer. The {@code END} of a
     * classic get is not part of it: a hit is the {@code VALUE} line and its value, a miss is {@code END}.
     *
     * @param reply valid only until this method returns
     */
    public abstract void replied(Reply reply);

    /**
     * Takes bytes of a Lua function that are no reply; a client gets them as they are.
     *
     * @param bytes valid only until this method returns
     */
    public void answered(ByteBuf bytes) {
        replied(FixedReply.BAD_RESPONSE);
    }

    /**
     * Begins a reply whose value is large and has not wholly arrived. A call that expects lines only leaves this and
     * the next three methods as they are: the value is skipped, and the reply counts as {@code SERVER_ERROR bad
     * response}.
     *
     * @param reply valid only until this method returns; its line is repeated by the first {@link #replyBytes}
     * @param totalBytes length of the line and the value with their line ends, as the server has announced it
     */
    public void replyBegins(Reply reply, int totalBytes) {}

    /** Takes the next bytes of a reply begun; a reference must be taken if they are to be kept. */
    public void replyBytes(ByteBuf source, int index, int length) {}

    /** Ends a reply begun: all of its bytes have been given. */
    public void replyEnds() {
        replied(FixedReply.BAD_RESPONSE);
    }

    /** Breaks off a reply begun: the connection has failed. */
    public void replyBreaks() {
        replied(FixedReply.BACKEND_FAILURE);
    }
}
