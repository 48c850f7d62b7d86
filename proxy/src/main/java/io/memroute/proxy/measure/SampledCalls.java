package io.memroute.proxy.measure;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.stats.HotKeys;
import io.memroute.proxy.worker.WorkerContext;

/** Tells {@link HotKeys} the keys, servers and sizes of some of a worker's calls. Owned by the worker's thread. */
public final class SampledCalls {

    private final HotKeys keys;
    private final WorkerContext worker;
    private final FreeList<Sampled> free = new FreeList<>(Sampled::new);

    /** Takes samples of the calls of a worker. */
    public SampledCalls(WorkerContext worker) {
        this.keys = worker.hotKeys();
        this.worker = worker;
    }

    /**
     * Returns the call itself, or, if it is to be a sample, one that stands for it.
     *
     * @param backend the label of the server
     */
    public Call of(Call call, String pool, String backend) {
        if (!keys.isDue()) {
            return call;
        }
        Sampled sampled = free.take();
        sampled.askedBy(call);
        sampled.stands = keys.take(worker.passNanos());
        sampled.pool = pool;
        sampled.backend = backend;
        return sampled;
    }

    private final class Sampled extends PassedCall {
        private long stands;
        private String pool = "";
        private String backend = "";
        private long sizeBytes;

        /** Counts the request. Called before it is answered, since it may be gone afterwards. */
        private void count(long replySizeBytes) {
            Request request = parent.request();
            long size = Math.max(replySizeBytes, request.valueLength());
            keys.add(
                    request.buffer(),
                    request.keyIndex(),
                    request.keyLength(),
                    stands,
                    pool,
                    backend,
                    size,
                    worker.passNanos());
        }

        @Override
        public void replied(Reply reply) {
            count(reply.valueLength());
            super.replied(reply);
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            sizeBytes = reply.valueLength();
            super.replyBegins(reply, totalBytes);
        }

        @Override
        public void replyEnds() {
            count(sizeBytes);
            super.replyEnds();
        }

        @Override
        public void replyBreaks() {
            count(0);
            super.replyBreaks();
        }

        @Override
        @SuppressWarnings("NullAway") // not used again before it is set again
        protected void recycle() {
            parent = null;
            free.give(this);
        }
    }
}
