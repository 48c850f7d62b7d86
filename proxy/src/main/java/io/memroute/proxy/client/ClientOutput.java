package io.memroute.proxy.client;

import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.ClientCounters.Count;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/** The bytes on their way to one client: collected, or given to the channel. Owned by the worker's thread. */
final class ClientOutput {

    private final WorkerCounters counters;
    private final ClientCounters group;
    private final OutputBuffer collected;

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    ClientOutput(WorkerCounters counters, ClientCounters group, ArrayPool arrays) {
        this.counters = counters;
        this.group = group;
        this.collected = new OutputBuffer(arrays);
    }

    /** Has it written to a channel. */
    void open(ChannelHandlerContext channel) {
        context = channel;
    }

    /** The bytes collected in this loop pass, to append to. */
    OutputBuffer collected() {
        return collected;
    }

    /** Whether nothing is collected. */
    boolean isEmpty() {
        return collected.isEmpty();
    }

    /** Appends a part of a reply, and does not keep a whole receive buffer alive for a client that lags behind. */
    void appendReply(ByteBuf source, int index, int length) {
        if (length < OutputBuffer.SLICE_FROM_BYTES || unsentBytes() == 0) {
            collected.appendOrSlice(source, index, length);
        } else {
            collected.appendLasting(source, index, length);
        }
    }

    /** Bytes given to the channel that have not left. */
    long unsentBytes() {
        ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    /** Bytes that have not left. */
    long queuedBytes() {
        return collected.size() + unsentBytes();
    }

    /** Whether anything is on its way, an empty buffer that ends the output included. */
    boolean isSending() {
        ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
        return !collected.isEmpty() || unsent != null && !unsent.isEmpty();
    }

    /** Writes what is collected, if there is anything; has the client's memory count it. */
    void flush(ClientMemory memory) {
        if (collected.isEmpty()) {
            return;
        }
        long bytes = collected.size();
        long excess = collected.excessBytes();
        counters.add(Counter.BYTES_WRITTEN, bytes);
        group.add(Count.SENT_BYTES, bytes);
        collected.writeTo(context);
        context.flush();
        memory.wrote(bytes, excess);
    }

    /** Drops what is collected. */
    void discard() {
        collected.discard();
    }
}
