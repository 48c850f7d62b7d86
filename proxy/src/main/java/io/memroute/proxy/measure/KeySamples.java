package io.memroute.proxy.measure;

import io.memroute.protocol.Request;
import io.memroute.proxy.stats.HotKeys;
import io.memroute.proxy.worker.WorkerContext;

/** Tells {@link HotKeys} the keys of some of the requests to one pool. Owned by the worker's thread. */
public final class KeySamples {

    private final HotKeys keys;
    private final WorkerContext worker;
    private final String pool;

    /** Takes samples of the requests of a worker to a pool. */
    public KeySamples(WorkerContext worker, String pool) {
        this.keys = worker.hotKeys();
        this.worker = worker;
        this.pool = pool;
    }

    /** Counts a request. Returns whether it is to be a sample. */
    public boolean due() {
        return keys.isDue();
    }

    /**
     * Takes the request that is due as a sample.
     *
     * @param backend the label of the server that it is sent to
     */
    public void take(Request request, String backend) {
        long now = worker.passNanos();
        keys.add(
                request.buffer(),
                request.keyIndex(),
                request.keyLength(),
                keys.take(now),
                pool,
                backend,
                request.valueLength(),
                now);
    }
}
