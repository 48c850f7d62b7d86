package io.memroute.proxy.stats;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that most of one worker's requests to servers are about, found in samples of them. Written by the worker's
 * thread only; read by any thread.
 *
 * <p>The algorithm is Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements
 * in data streams", 2005): {@value #PLACES} keys are counted; one that has no place takes that of the key with the
 * least count, and inherits that count as its possible error. A key with more than a {@value #PLACES}th of all requests
 * always has a place. Counts are halved every half minute, so that what is hot now is seen.
 *
 * <p>Samples are as many as fit into a tenth of a second: one request in so many is taken that there are about
 * {@value #WINDOW_SAMPLES}, at chance, so that a pattern of clients does not hide a key. So the cost does not grow with
 * the traffic: about a thousand samples in a second, of 0.2 us each, are 0.02 % of a processor. A worker with few
 * requests looks at all of them.
 *
 * <p>A place is read without a lock: its version is odd while the worker changes its key, and a reader who finds it odd
 * or changed reads it again. Memory is some 40 kB when every place has had a key.
 *
 * <p>Longer than 300 lines: the worker that writes a place and the readers of it keep to one protocol of versions.
 */
public final class HotKeys {

    /** Keys that are counted: enough that one with a hundredth of the requests has a place in any traffic. */
    private static final int PLACES = 128;

    /** The longest key that memcached takes. Longer ones, which no server answers for, are not counted. */
    private static final int MOST_KEY_BYTES = 250;

    private static final int WINDOW_SAMPLES = 100;
    private static final long WINDOW_NANOS = 100_000_000;

    /** The most by which one window changes the gap: a burst of one loop pass must not switch sampling off. */
    private static final long MOST_CHANGE = 8;

    private static final long HALF_LIFE_NANOS = 30_000_000_000L;

    /** The number of times that a reader tries to read a place that changes. */
    private static final int TRIES = 8;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle TOTAL;
    private static final VarHandle NEWEST;

    static {
        try {
            TOTAL = MethodHandles.lookup().findVarHandle(HotKeys.class, "total", long.class);
            NEWEST = MethodHandles.lookup().findVarHandle(HotKeys.class, "newestNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] hashes = new long[PLACES];
    private final long[] counts = new long[PLACES];
    private final long[] errors = new long[PLACES];
    private final int[] versions = new int[PLACES];
    private final byte[] @Nullable [] keys = new byte[PLACES][];
    private final int[] lengths = new int[PLACES];
    private final String[] pools = new String[PLACES];
    private final String[] backends = new String[PLACES];
    private final long[] sizes = new long[PLACES];
    private int places;
    private long total;
    private long newestNanos;

    /** One request in so many is a sample. */
    private long gap = 1;
    /** Requests until the next sample. */
    private long left = 1;
    /** Values until the next whose length is noted. */
    private long leftSizes = 1;

    private boolean begun;
    private int windowSamples;
    private long windowNanos;
    private long halvedNanos;
    private long random = 0x9E3779B97F4A7C15L;

    /**
     * A key as a reader sees it.
     *
     * @param requests requests about it lately, at least
     * @param sizeBytes length of its value as last seen; 0 if it has not been seen
     */
    public record Seen(byte[] key, long requests, String pool, String backend, long sizeBytes) {}

    /**
     * The keys as a reader sees them.
     *
     * @param total requests about all keys lately
     * @param newestNanos when the last sample was taken, on the worker's clock
     */
    public record Reading(List<Seen> keys, long total, long newestNanos) {}

    /** Counts a request. Returns whether it is to be a sample. */
    public boolean isDue() {
        return --left == 0;
    }

    /** Takes the sample that was due. Returns for how many requests it stands. */
    public long take(long nanos) {
        if (!begun) {
            begun = true;
            windowNanos = nanos;
            halvedNanos = nanos;
        }
        long stands = gap;
        windowSamples++;
        long took = nanos - windowNanos;
        if (windowSamples == WINDOW_SAMPLES || took > 10 * WINDOW_NANOS) {
            // As many requests as in this window, at the same pace, are to make as many samples as a window should
            // have.
            long wished = (long) ((double) gap * windowSamples * WINDOW_NANOS / Math.max(1, took) / WINDOW_SAMPLES);
            gap = Math.clamp(wished, 1, gap * MOST_CHANGE);
            windowSamples = 0;
            windowNanos = nanos;
        }
        left = nextGap();
        return stands;
    }

    private long nextGap() {
        return gap == 1 ? 1 : 1 + (nextRandom() >>> 1) % (2 * gap - 1);
    }

    /** Counts a value that a server answers with. Returns whether its length is to be noted. */
    public boolean isSizeDue() {
        return --leftSizes == 0;
    }

    /** Notes the length of a value, if its key is among those that are counted. */
    public void size(ByteBuf key, int index, int length, String backend, long sizeBytes) {
        leftSizes = nextGap();
        if (length > MOST_KEY_BYTES) {
            return;
        }
        long hash = hash(key, index, length);
        for (int place = 0; place < places; place++) {
            if (hashes[place] == hash && isAt(place, key, index, length) && backend.equals(backends[place])) {
                LONGS.setOpaque(sizes, place, sizeBytes);
            }
        }
    }

    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }

    /**
     * Counts a sample.
     *
     * @param key a buffer with the key
     * @param stands for how many requests the sample stands
     * @param pool the pool that the key was sent to; a key in two pools is two keys
     * @param sizeBytes length of the value; 0 if it is not known
     */
    public void add(
            ByteBuf key, int index, int length, long stands, String pool, String backend, long sizeBytes, long nanos) {
        if (length > MOST_KEY_BYTES) {
            return;
        }
        if (nanos - halvedNanos >= HALF_LIFE_NANOS) {
            halve(nanos);
        }
        long hash = hash(key, index, length);
        int place = find(hash, key, index, length, pool);
        if (place < 0) {
            place = replace(hash, key, index, length, pool);
        }
        LONGS.setOpaque(counts, place, counts[place] + stands);
        backends[place] = backend;
        if (sizeBytes > 0) {
            LONGS.setOpaque(sizes, place, sizeBytes);
        }
        TOTAL.setOpaque(this, total + stands);
        NEWEST.setOpaque(this, nanos);
    }

    private static long hash(ByteBuf key, int index, int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ key.getByte(index + i)) * 0x100000001B3L;
        }
        return hash;
    }

    private int find(long hash, ByteBuf key, int index, int length, String pool) {
        for (int place = 0; place < places; place++) {
            if (hashes[place] == hash && isAt(place, key, index, length) && pools[place].equals(pool)) {
                return place;
            }
        }
        return -1;
    }

    private boolean isAt(int place, ByteBuf key, int index, int length) {
        byte[] bytes = keys[place];
        if (bytes == null || lengths[place] != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != key.getByte(index + i)) {
                return false;
            }
        }
        return true;
    }

    /** Gives the key a place: a free one, or that of the key with the least count. */
    private int replace(long hash, ByteBuf key, int index, int length, String pool) {
        int place = places < PLACES ? places : least();
        INTS.setOpaque(versions, place, versions[place] + 1);
        VarHandle.releaseFence();
        byte[] bytes = keys[place];
        if (bytes == null) {
            bytes = new byte[MOST_KEY_BYTES];
            keys[place] = bytes;
        }
        key.getBytes(index, bytes, 0, length);
        lengths[place] = length;
        pools[place] = pool;
        hashes[place] = hash;
        errors[place] = counts[place];
        sizes[place] = 0;
        VarHandle.releaseFence();
        INTS.setOpaque(versions, place, versions[place] + 1);
        if (place == places) {
            places++;
        }
        return place;
    }

    private int least() {
        int least = 0;
        for (int place = 1; place < PLACES; place++) {
            if (counts[place] < counts[least]) {
                least = place;
            }
        }
        return least;
    }

    private void halve(long nanos) {
        long halves = Math.min(62, (nanos - halvedNanos) / HALF_LIFE_NANOS);
        halvedNanos += halves * HALF_LIFE_NANOS;
        for (int place = 0; place < places; place++) {
            LONGS.setOpaque(counts, place, counts[place] >> halves);
            LONGS.setOpaque(errors, place, errors[place] >> halves);
        }
        TOTAL.setOpaque(this, total >> halves);
    }

    /** Forgets all keys. The worker's thread. */
    public void reset() {
        for (int place = 0; place < places; place++) {
            LONGS.setOpaque(counts, place, 0L);
            LONGS.setOpaque(errors, place, 0L);
        }
        TOTAL.setOpaque(this, 0L);
    }

    /** The keys counted at this moment, in no order; any thread. */
    public Reading read() {
        List<Seen> seen = new ArrayList<>();
        for (int place = 0; place < PLACES; place++) {
            Seen key = read(place);
            if (key != null && key.requests > 0) {
                seen.add(key);
            }
        }
        return new Reading(seen, (long) TOTAL.getOpaque(this), (long) NEWEST.getOpaque(this));
    }

    /** Reads a place, unless there is nothing in it, or it changes too fast. */
    private @Nullable Seen read(int place) {
        for (int tries = 0; tries < TRIES; tries++) {
            int version = (int) INTS.getAcquire(versions, place);
            byte[] bytes = keys[place];
            String pool = pools[place];
            String backend = backends[place];
            if (version == 0) {
                return null;
            }
            if ((version & 1) == 0 && bytes != null && pool != null && backend != null) {
                byte[] key = Arrays.copyOf(bytes, Math.clamp(lengths[place], 0, MOST_KEY_BYTES));
                long requests = (long) LONGS.getOpaque(counts, place) - (long) LONGS.getOpaque(errors, place);
                long size = (long) LONGS.getOpaque(sizes, place);
                VarHandle.acquireFence();
                if ((int) INTS.getOpaque(versions, place) == version) {
                    return new Seen(key, requests, pool, backend, size);
                }
            }
        }
        return null;
    }
}
