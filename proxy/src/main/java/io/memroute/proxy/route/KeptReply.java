package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.backend.FixedReply;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * A reply that a route needs longer than {@link io.memroute.proxy.backend.Call#replied} lasts. A small one is copied, a large one kept as a
 * slice of the buffer it arrived in, or gathered while it arrives. Used again and again; owned by the worker's thread.
 */
public final class KeptReply {

    private static final int FIRST_BYTES = 128;

    /** Stateless, so that all workers share it. */
    private static final ReplyParser PARSER = new ReplyParser();

    private final ByteBufAllocator allocator;
    private final WorkerCounters counters;
    private final ByteBuf copy = Unpooled.buffer(FIRST_BYTES);
    private final Reply view = new Reply();
    /** Of at least {@link OutputBuffer#SLICE_FROM_BYTES}: readers may keep slices of it, so it is never written again. */
    private ByteBuf large;
    private Reply kept;

    public KeptReply(RouteWorker worker) {
        this.allocator = worker.allocator();
        this.counters = worker.counters();
    }

    public boolean isEmpty() {
        return kept == null;
    }

    /** Keeps a whole reply, in place of one kept before. */
    public void keep(Reply reply) {
        clear();
        if (reply == FixedReply.WAIT_EXPIRED || reply == FixedReply.BACKEND_FAILURE) {
            kept = reply;
            return;
        }
        int bytes = reply.end() - reply.start() + (reply.valueLength() < 0 ? 0 : reply.valueLength() + 2);
        if (bytes < OutputBuffer.SLICE_FROM_BYTES) {
            copy.clear().writeBytes(reply.buffer(), reply.start(), bytes);
            view.viewCopy(reply, copy, 0);
        } else {
            setLarge(reply.buffer().retainedSlice(reply.start(), bytes));
            view.viewCopy(reply, large, 0);
        }
        kept = view;
    }

    /** Begins to gather a large reply, in place of one kept before. */
    public void begin(int totalBytes) {
        clear();
        setLarge(allocator.directBuffer(totalBytes, totalBytes));
    }

    public void add(ByteBuf source, int index, int length) {
        large.writeBytes(source, index, length);
    }

    /** All of a reply begun has been added. */
    public void end() {
        PARSER.parse(large, 0, large.writerIndex(), view);
        kept = view;
    }

    /** The reply kept; good until the next change. */
    public Reply view() {
        return kept;
    }

    public void clear() {
        kept = null;
        if (large != null) {
            counters.add(Counter.BUFFER_MEMORY, -large.capacity());
            large.release();
            large = null;
        }
    }

    private void setLarge(ByteBuf buffer) {
        large = buffer;
        counters.add(Counter.BUFFER_MEMORY, buffer.capacity());
    }
}
