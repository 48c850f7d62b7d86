package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;

/**
 * The bytes of the reply of one exchange. They go straight to the client's output if the exchange is the client's next
 * one, else they are held here until those before it are answered. Pooled with its exchange; owned by the worker's
 * thread.
 */
final class ExchangeReply {

    private final Exchange exchange;
    private final OutputBuffer held;

    /** The receiver; null while the exchange is in no client's queue. */
    @SuppressWarnings("NullAway.Init")
    private ClientConnection client;

    /** Bytes of an unfinished reply have been given to the client. */
    private boolean begun;
    /** Length of the reply so far. */
    private long bytes;

    ExchangeReply(Exchange exchange, OutputBuffer held) {
        this.exchange = exchange;
        this.held = held;
    }

    /** Begins a reply to a client. */
    void begin(ClientConnection to) {
        client = to;
        begun = false;
        bytes = 0;
    }

    /** Lets go of the client, which may close and be collected before the exchange is used again. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    void forgetClient() {
        client = null;
    }

    /** Length of the reply so far. */
    long bytes() {
        return bytes;
    }

    /** Whether bytes of an unfinished reply have been given to the client. */
    boolean begun() {
        return begun;
    }

    void append(byte[] line) {
        target().append(line);
        appended(line.length);
    }

    /**
     * Appends a whole reply as a client gets it: {@code END} follows the value of a classic get, unless other keys do.
     */
    void append(Reply reply, boolean ofMultiget) {
        if (reply.type() != ReplyType.END) {
            append(reply.buffer(), reply.start(), reply.wholeBytes());
        }
        if (!ofMultiget && (reply.type() == ReplyType.END || reply.type() == ReplyType.VALUE)) {
            append(Replies.END);
        }
    }

    /** Appends bytes that may be kept as a slice, if they leave soon. */
    void append(ByteBuf source, int index, int length) {
        if (client.isHead(exchange)) {
            client.outputToFlush().appendReply(source, index, length);
        } else {
            held.appendLasting(source, index, length);
        }
        appended(length);
    }

    /** Appends the next part of a reply that has not wholly arrived. */
    void appendPart(ByteBuf source, int index, int length) {
        append(source, index, length);
        begun |= client.isHead(exchange);
    }

    /** Moves what is held to the client's output: this is now the client's next reply. */
    void becomeHead() {
        if (!held.isEmpty()) {
            begun = true;
            client.memory().holdReplies(-held.size());
            held.moveTo(client.output().collected());
        }
    }

    /** Drops what is held: the client has gone, or will not be told. */
    void discard() {
        client.memory().holdReplies(-held.size());
        held.discard();
    }

    private OutputBuffer target() {
        return client.isHead(exchange) ? client.outputToFlush().collected() : held;
    }

    private void appended(int length) {
        bytes += length;
        if (!client.isHead(exchange)) {
            client.memory().holdReplies(length);
        }
    }
}
