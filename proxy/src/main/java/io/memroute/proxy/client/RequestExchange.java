package io.memroute.proxy.client;

import io.memroute.proxy.wire.InputBlock;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of a whole request, which it keeps in memory. That of a multi-key get is never answered: it is there for
 * its keys, each of which is a {@link MultigetKeys.KeyExchange}. Pooled by the worker; owned by its thread.
 */
final class RequestExchange extends Exchange {

    /** Keeps the bytes of the line, and of the value unless it lies apart, while it stands for a request. */
    @SuppressWarnings("NullAway.Init")
    private InputBlock block;

    private @Nullable ByteBuf value;
    /** The bytes of its value that are counted. */
    private int valueBytes;
    /** Counts them, if they are counted, also when the client's queue has forgotten the exchange. */
    private @Nullable ClientMemory valueOf;

    RequestExchange(WorkerClients clients) {
        super(clients);
    }

    /** Begins to stand for the request in a block. */
    void begin(InputBlock requestBlock) {
        begin();
        block = requestBlock.retain();
    }

    @Override
    public @Nullable ByteBuf value() {
        return value;
    }

    /** Has the value lie apart from the line; the reference becomes the exchange's. */
    void setValue(ByteBuf apart) {
        value = apart;
    }

    /** Has its value counted until nobody needs it any more. */
    void countValue() {
        ClientMemory memory = client.memory();
        valueBytes = request().valueBytes();
        valueOf = memory;
        memory.holdValues(valueBytes);
    }

    @Override
    @SuppressWarnings("NullAway") // not used again before it is set again
    protected void releaseRequest() {
        block.release();
        block = null;
        if (value != null) {
            value.release();
            value = null;
        }
        ClientMemory memory = valueOf;
        if (memory != null) {
            valueOf = null;
            memory.holdValues(-valueBytes);
        }
    }

    @Override
    protected void recycle() {
        clients.give(this);
    }

    @Override
    protected boolean endsMultiget() {
        return false;
    }
}
