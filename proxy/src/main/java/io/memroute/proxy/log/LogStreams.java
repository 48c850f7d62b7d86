package io.memroute.proxy.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The streams of one server and their watchers. Thread safe; asking whether a stream is watched is a plain read.
 *
 * <p>Writers first ask {@link #watched}, so that a server without watchers spends nothing on lines.
 */
public final class LogStreams {

    /** memcached's limit: a few people and programs, since each costs every line a copy. */
    static final int MOST_WATCHERS = 20;

    private static final VarHandle WATCHED;

    static {
        try {
            WATCHED = MethodHandles.lookup().findVarHandle(LogStreams.class, "watched", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The streams that have watchers. Read without ordering: a line more or less when a watcher comes does not matter.
     */
    private int watched;

    private volatile Watcher[] watchers = {};
    private final AtomicLong ids = new AtomicLong();
    private final LongAdder written = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    /** Whether a stream has watchers. */
    public boolean watched(LogStream stream) {
        return ((int) WATCHED.getOpaque(this) & stream.bit()) != 0;
    }

    /** Begins a line, of this moment. */
    public LogLine line(String type) {
        return new LogLine(Instant.now(), ids.incrementAndGet(), type);
    }

    /** Hands a line to everybody who watches the stream. Returns at once, whether they keep up or not. */
    public void write(LogStream stream, LogLine line) {
        byte[] bytes = line.finish();
        written.increment();
        for (Watcher watcher : watchers) {
            if ((watcher.streams() & stream.bit()) != 0) {
                (watcher.offer(bytes) ? sent : skipped).increment();
            }
        }
    }

    /** Begins to hand lines to a watcher; returns false if there are as many as there may be. */
    public synchronized boolean add(Watcher watcher) {
        if (watchers.length >= MOST_WATCHERS) {
            return false;
        }
        // memcached's watchers take a number too.
        ids.incrementAndGet();
        Watcher[] more = Arrays.copyOf(watchers, watchers.length + 1);
        more[watchers.length] = watcher;
        replace(more);
        watcher.begin();
        return true;
    }

    /** The watcher's connection has ended. */
    public synchronized void remove(Watcher watcher) {
        replace(Arrays.stream(watchers).filter(other -> other != watcher).toArray(Watcher[]::new));
    }

    private void replace(Watcher[] by) {
        watchers = by;
        int streams = 0;
        for (Watcher watcher : by) {
            streams |= watcher.streams();
        }
        WATCHED.setVolatile(this, streams);
    }

    /** The number of watchers. */
    public int watcherCount() {
        return watchers.length;
    }

    /** Lines made, each counted once however many watch it. */
    public long writtenCount() {
        return written.sum();
    }

    /** Lines that watchers took, each counted for every watcher. */
    public long sentCount() {
        return sent.sum();
    }

    /** Lines that watchers lost because they did not keep up. */
    public long skippedCount() {
        return skipped.sum();
    }
}
