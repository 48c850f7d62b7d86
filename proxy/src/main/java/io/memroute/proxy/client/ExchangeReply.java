package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the reply of one exchange. They go straight to the client's output if the exchange is the client's next
 * one, else they are held until those before it are answered. Owned by the worker's thread.
 *
 * <p>A class apart from {@link Exchange} for what it does, not an object apart: see there.
 */
abstract sealed class ExchangeReply extends Call permits Exchange {

    protected final WorkerClients clients;

    /** The client whose queue the exchange is in, while it is in one. */
    @SuppressWarnings("NullAway.Init")
    protected ClientConnection client;

    /** The reply so far, if others have to leave before it. */
    private @Nullable OutputBuffer held;
    /** Length of the reply so far. */
    private long replyLength;
    /** Bytes of an unfinished reply have been given to the client. */
    private boolean begun;

    ExchangeReply(WorkerClients clients) {
        this.clients = clients;
    }

    protected final void beginReply() {
        begun = false;
        replyLength = 0;
    }

    /** Length of the reply so far. */
    final long replyLength() {
        return replyLength;
    }

    /** Whether bytes of an unfinished reply have been given to the client. */
    protected final boolean begun() {
        return begun;
    }

    /** Whether a reply of that length is too much for the client now; counts it. */
    protected final boolean refuses(int length) {
        if (length < OutputBuffer.SLICE_FROM_BYTES || !client.wantsOutput()) {
            return false;
        }
        clients.sawLarge(length);
        if (client.memory().admitsReply(length)) {
            return false;
        }
        clients.counters().increment(Counter.OUT_OF_MEMORY);
        return true;
    }

    /**
     * Appends a whole reply as a client gets it: {@code END} follows the value of a classic get, unless other keys do.
     */
    protected final void append(Reply reply, boolean ofMultiget) {
        ReplyType type = reply.type();
        if (type != ReplyType.END) {
            append(reply.buffer(), reply.start(), reply.wholeBytes());
        }
        if (!ofMultiget && (type == ReplyType.END || type == ReplyType.VALUE)) {
            append(Replies.END);
        }
    }

    protected final void append(byte[] line) {
        replyLength += line.length;
        if (client.isHead(this)) {
            client.outputToFlush().collected().append(line);
        } else {
            hold(line.length).append(line);
        }
    }

    /** Appends bytes that may be kept as a slice, if they leave soon. */
    protected final void append(ByteBuf source, int index, int length) {
        replyLength += length;
        if (client.isHead(this)) {
            client.outputToFlush().appendReply(source, index, length);
        } else {
            hold(length).appendLasting(source, index, length);
        }
    }

    /** Appends the next part of a reply that has not wholly arrived. */
    protected final void appendPart(ByteBuf source, int index, int length) {
        append(source, index, length);
        begun |= client.isHead(this);
    }

    /** The bytes that are held, to append so many to. */
    private OutputBuffer hold(int length) {
        client.memory().holdReplies(length);
        OutputBuffer waiting = held;
        if (waiting == null) {
            waiting = clients.takeOutput();
            held = waiting;
        }
        return waiting;
    }

    /** Moves what is held to the client's output: this is now the client's next reply. */
    final void becomeHead() {
        OutputBuffer waiting = held;
        if (waiting != null) {
            begun = true;
            client.memory().holdReplies(-waiting.size());
            waiting.moveTo(client.output().collected());
            clients.giveOutput(waiting);
            held = null;
        }
    }

    /** Drops what is held: the client has gone, or will not be told. */
    final void discard() {
        OutputBuffer waiting = held;
        if (waiting != null) {
            client.memory().holdReplies(-waiting.size());
            waiting.discard();
            clients.giveOutput(waiting);
            held = null;
        }
    }
}
