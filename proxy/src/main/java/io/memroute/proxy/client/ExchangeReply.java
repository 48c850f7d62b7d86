package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;

/**
 * The bytes of the reply of one exchange. They go straight to the client's output if the exchange is the client's next
 * one, else they are held here until those before it are answered. Pooled with its exchange; owned by the worker's
 * thread.
 */
final class ExchangeReply {

    private final Exchange exchange;
    private final WorkerClients clients;
    private final OutputBuffer held;

    /** Bytes of an unfinished reply have been given to the client. */
    private boolean begun;
    /** Length of the reply so far. */
    private long bytes;

    ExchangeReply(Exchange exchange, WorkerClients clients) {
        this.exchange = exchange;
        this.clients = clients;
        this.held = new OutputBuffer(clients.worker().arrays());
    }

    /** Begins a reply to the exchange's client. */
    void begin() {
        begun = false;
        bytes = 0;
    }

    /** Whether a reply of that length is too much for the client now; counts it. */
    boolean refuses(int length) {
        ClientConnection client = exchange.client();
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

    /** Length of the reply so far. */
    long bytes() {
        return bytes;
    }

    /** Whether bytes of an unfinished reply have been given to the exchange.client(). */
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
        if (isHead()) {
            exchange.client().outputToFlush().appendReply(source, index, length);
        } else {
            held.appendLasting(source, index, length);
        }
        appended(length);
    }

    /** Appends the next part of a reply that has not wholly arrived. */
    void appendPart(ByteBuf source, int index, int length) {
        append(source, index, length);
        begun |= isHead();
    }

    /** Moves what is held to the client's output: this is now the client's next reply. */
    void becomeHead() {
        if (!held.isEmpty()) {
            begun = true;
            exchange.client().memory().holdReplies(-held.size());
            held.moveTo(exchange.client().output().collected());
        }
    }

    /** Drops what is held: the client has gone, or will not be told. */
    void discard() {
        exchange.client().memory().holdReplies(-held.size());
        held.discard();
    }

    private boolean isHead() {
        return exchange.client().isHead(exchange);
    }

    private OutputBuffer target() {
        return isHead() ? exchange.client().outputToFlush().collected() : held;
    }

    private void appended(int length) {
        bytes += length;
        if (!isHead()) {
            exchange.client().memory().holdReplies(length);
        }
    }
}
