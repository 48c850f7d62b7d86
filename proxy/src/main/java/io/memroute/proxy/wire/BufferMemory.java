package io.memroute.proxy.wire;

import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts the values and replies that one worker holds, and says when there is no room for more. Owned by the worker's
 * thread.
 *
 * <p>The {@link MemoryLimit} is for all workers together. A worker that holds less than its share has room in any case,
 * so that the clients of one worker cannot lock out those of another.
 *
 * <p>A client that holds memory already, because it does not read or has much under way, may add to it only while half
 * of the limit is free; the other half is for clients that hold nothing. If that is full, too, the {@linkplain Holder
 * holders} that have made no progress for a while have to give up their memory, first the one that has stood still for
 * longest.
 */
public final class BufferMemory {

    /**
     * The time for which a holder may take or bring no byte before its memory goes to others that need it: some hundred
     * round trips in a data centre, and as long as those others have to do without.
     */
    private static final long STALLED_MILLIS = 100;

    /** Between two looks at all holders, while there are any. */
    private static final long RECOUNT_MILLIS = 50;

    /**
     * Holders are not counted anew more often than this, however often there is no room: it takes some microseconds.
     */
    private static final long LEAST_RECOUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A peer for which memory is held until it reads or sends more. */
    public interface Holder {

        /** Counts anew what is held, and returns it. A holder of nothing is forgotten. */
        long recount();

        /** The progress of the peer: a number that grows whenever it takes or brings a byte. */
        long progress();

        /** Whether what is held waits for the peer. */
        boolean waitsForPeer();

        /** Releases what waits for the peer, and waits for it no more: refuses its request or closes its connection. */
        void giveUp();
    }

    private static final class Entry {
        private final Holder holder;
        private long progress;
        private long sinceNanos;

        Entry(Holder holder, long now) {
            this.holder = holder;
            this.progress = holder.progress();
            this.sinceNanos = now;
        }
    }

    private final MemoryLimit limit;
    private final WorkerCounters counters;
    private final EventExecutor executor;
    private final List<Entry> holders = new ArrayList<>();
    private final Runnable timer = this::onTimer;
    private boolean timerRunning;
    private long recountedNanos;

    public BufferMemory(MemoryLimit limit, WorkerCounters counters, EventExecutor executor) {
        this.limit = limit;
        this.counters = counters;
        this.executor = executor;
        this.recountedNanos = now() - LEAST_RECOUNT_NANOS;
        limit.join(counters);
    }

    // ---- counting ----

    /** Counts bytes that are held from now on, or with a number below 0 no longer. */
    public void add(long bytes) {
        counters.add(Counter.BUFFER_MEMORY, bytes);
    }

    /** Has the holder, which holds something now, looked at from time to time until it holds nothing. */
    public void watch(Holder holder) {
        holders.add(new Entry(holder, now()));
        if (!timerRunning) {
            startTimer();
        }
    }

    // ---- room ----

    /**
     * Whether there is room for so many bytes more; makes room if it can.
     *
     * @param more whether the peer they are for holds memory already
     */
    public boolean admits(long bytes, boolean more) {
        if (fits(bytes, more)) {
            return true;
        }
        long now = now();
        if (now - recountedNanos >= LEAST_RECOUNT_NANOS) {
            recount(now);
        }
        if (!more) {
            reclaim(bytes, now);
        }
        return fits(bytes, more);
    }

    /** Whether half of the limit is taken: time for those who hold much to wait. */
    public boolean tight() {
        return !fits(0, true);
    }

    /**
     * Whether so many bytes fit into the limit, or into half of it. Looks at the worker's own share first: mostly that
     * is enough, and touches no other worker's memory.
     */
    private boolean fits(long bytes, boolean half) {
        int part = half ? 1 : 0;
        return counters.get(Counter.BUFFER_MEMORY) + bytes <= limit.shareBytes() >> part
                || limit.bytes() == 0
                || limit.used() + bytes <= limit.bytes() >> part;
    }

    // ---- holders ----

    private void startTimer() {
        timerRunning = true;
        executor.schedule(timer, RECOUNT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void onTimer() {
        timerRunning = false;
        try {
            long now = now();
            recount(now);
            reclaim(0, now);
        } finally {
            if (!holders.isEmpty() && !timerRunning) {
                startTimer();
            }
        }
    }

    private void recount(long now) {
        recountedNanos = now;
        int kept = 0;
        for (int i = 0; i < holders.size(); i++) {
            Entry entry = holders.get(i);
            if (entry.holder.recount() == 0) {
                continue;
            }
            if (entry.progress != entry.holder.progress()) {
                entry.progress = entry.holder.progress();
                entry.sinceNanos = now;
            }
            holders.set(kept++, entry);
        }
        holders.subList(kept, holders.size()).clear();
    }

    /** Has stalled holders give up until so many bytes fit. */
    private void reclaim(long bytes, long now) {
        while (!fits(bytes, false)) {
            Entry longest = null;
            for (int i = 0; i < holders.size(); i++) {
                Entry entry = holders.get(i);
                if (entry.holder.waitsForPeer() && (longest == null || entry.sinceNanos - longest.sinceNanos < 0)) {
                    longest = entry;
                }
            }
            if (longest == null || now - longest.sinceNanos < TimeUnit.MILLISECONDS.toNanos(STALLED_MILLIS)) {
                return;
            }
            longest.holder.giveUp();
        }
    }

    private long now() {
        return executor.ticker().nanoTime();
    }
}
