package io.memroute.store;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Decimal;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A memcached-compatible cache in this process: takes parsed requests, answers with the bytes memcached would answer.
 *
 * <p>Shared by all threads and atomic per key. Bounded in bytes: when full, the items go that have not been asked for
 * longest ({@link SegmentedLru}), never the one that has just been stored. A request is run to its end by the calling
 * thread and waits only for other requests on the same key, and for a moment for others that store. Each thread keeps a
 * little working space.
 *
 * <p>It follows memcached 1.6.45, with these deliberate differences: appending to or counting an item with a binary key
 * keeps it marked as binary; {@code mg} with {@code N} marks one so, too; {@code T} of {@code ma} holds also when the
 * number grows longer; {@code t} is never below 0 except for -1, which means never; {@code b} of {@code me} needs no
 * further flag.
 */
public final class Store {
    /** 64 MiB, as memcached's {@code -m}. */
    public static final long DEFAULT_MAXIMUM_BYTES = 64L << 20;
    /** 1 MiB, as memcached's {@code -I}. */
    public static final int DEFAULT_ITEM_SIZE_LIMIT = 1 << 20;

    private final ItemTable table;
    private final Counters counters = new Counters();
    private final Storing storing;
    private final ClassicCommands classic;
    private final MetaCommands meta;
    private final MetaSet metaSet;
    private final int itemSizeLimit;
    private final long keySeed = ThreadLocalRandom.current().nextLong();
    private final ThreadLocal<Scratch> scratches = ThreadLocal.withInitial(Scratch::new);

    private Store(Builder builder) {
        this.itemSizeLimit = builder.itemSizeLimit;
        this.table = new ItemTable(
                builder.maximumBytes,
                itemSizeLimit,
                new StoreTime(builder.clock),
                counters,
                builder.events,
                builder.executor);
        this.storing = new Storing(table, itemSizeLimit);
        Counting counting = new Counting(table);
        this.classic = new ClassicCommands(table, storing, counting, keySeed);
        this.meta = new MetaCommands(table, counting, itemSizeLimit);
        this.metaSet = new MetaSet(table, storing);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a storage command, {@code mn} or {@code flush_all} and writes its reply at the writer index of {@code out}.
     *
     * @param request as the parser left it; a malformed one is answered with its error
     * @param value holds the value and its {@code \r\n}, whole, at {@code valueIndex}; not looked at if the command has
     *     none
     * @return true if memcached would not send this reply ({@code noreply}, {@code q}); it is written all the same
     * @throws IllegalArgumentException for a command of administration other than {@code flush_all}
     */
    public boolean execute(Request request, ByteBuf value, int valueIndex, ByteBuf out) {
        if (request.error() != null) {
            out.writeBytes(request.error().reply());
            return request.noreply();
        }
        Scratch scratch = scratches.get();
        scratch.now = table.time.now();
        if (!request.command().isClassicGet() && request.keyLength() > 0 && !loadKey(request, scratch)) {
            out.writeBytes(RequestError.UNDECODABLE_KEY.reply());
            return false;
        }
        switch (request.command()) {
            case GET, GETS, GAT, GATS -> classic.get(request, scratch, out);
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> classic.store(request, value, valueIndex, scratch, out);
            case INCR, DECR -> classic.count(request, scratch, out);
            case TOUCH -> classic.touch(request, scratch, out);
            case DELETE -> classic.delete(scratch, out);
            case MG -> {
                return meta.get(request, scratch, out);
            }
            case MS -> {
                return metaSet.run(request, value, valueIndex, scratch, out);
            }
            case MD -> {
                return meta.delete(request, scratch, out);
            }
            case MA -> {
                return meta.arithmetic(request, scratch, out);
            }
            case ME -> {
                return meta.debug(scratch, out);
            }
            case MN -> out.writeBytes(Replies.MN);
            case FLUSH_ALL -> flushAll(request, out);
            default ->
                throw new IllegalArgumentException("not a command of the store: " + request.command()
                        + "; expected a storage command, mn or flush_all");
        }
        return request.noreply();
    }

    /**
     * Refuses a storage request whose value would be too large to keep, before the value has been read. The item it was
     * to replace is gone afterwards, as in memcached.
     *
     * @return the error to answer with, after which the caller skips the value. Without one the value is to be read and
     *     the request executed
     */
    public @Nullable RequestError refuseTooLarge(Request request) {
        if (request.error() != null
                || !request.command().hasValue()
                || Item.memcachedSize(0, 0, request.valueLength()) <= itemSizeLimit) {
            return null;
        }
        Scratch scratch = scratches.get();
        scratch.now = table.time.now();
        if (!loadKey(request, scratch)) {
            return null;
        }
        RequestError error = RequestError.VALUE_TOO_LARGE;
        if (request.command().isMeta()) {
            error = metaSet.prepare(request, scratch, scratch.order);
        } else {
            classic.prepare(request, scratch, scratch.order);
        }
        return error;
    }

    /** Drops every item at once. */
    public void flushAll() {
        counters.add(Counter.CMD_FLUSH);
        table.flush();
    }

    /**
     * Drops every item {@code delaySeconds} from now that is stored before then. 0 or less: at once. Replaces an
     * earlier delayed flush.
     */
    public void flushAll(int delaySeconds) {
        if (delaySeconds <= 0) {
            flushAll();
        } else {
            counters.add(Counter.CMD_FLUSH);
            table.flushAfter(delaySeconds);
        }
    }

    private void flushAll(Request request, ByteBuf out) {
        long delay = 0;
        if (request.totalTokenCount() != (request.noreply() ? 2 : 1)) {
            delay = Decimal.signed32(request.buffer(), request.tokenIndex(1), request.tokenLength(1));
        }
        if (delay == Decimal.INVALID) {
            counters.add(Counter.CMD_FLUSH);
            out.writeBytes(RequestError.INVALID_EXPTIME.reply());
            return;
        }
        flushAll((int) delay);
        out.writeBytes(Replies.OK);
    }

    private boolean loadKey(Request request, Scratch scratch) {
        if (!request.base64Key()) {
            scratch.probe.load(request.buffer(), request.keyIndex(), request.keyLength(), keySeed);
            return true;
        }
        int length = Base64Key.decode(request.buffer(), request.keyIndex(), request.keyLength(), scratch.probe.room());
        scratch.probe.loaded(length, keySeed);
        return length > 0;
    }

    /** Every counter and gauge of the store under its name in memcached's {@code stats}, in that order. */
    public Map<String, String> stats() {
        Map<String, String> stats = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            stats.put(counter.statName, Long.toString(counters.get(counter)));
        }
        stats.put("limit_maxbytes", Long.toString(table.maximumBytes()));
        stats.put("bytes", Long.toString(table.bytes()));
        stats.put("curr_items", Long.toString(table.itemCount()));
        long[] moves = table.moves();
        stats.put("moves_to_cold", Long.toString(moves[0]));
        stats.put("moves_to_warm", Long.toString(moves[1]));
        stats.put("moves_within_lru", Long.toString(moves[2]));
        // Every item that goes for room is removed by the request that needs the room.
        stats.put("direct_reclaims", Long.toString(counters.get(Counter.EVICTIONS) + counters.get(Counter.RECLAIMED)));
        return stats;
    }

    /** Sets the counters to 0, as {@code stats reset} does; items and gauges stay. */
    public void resetStats() {
        counters.reset();
    }

    /** The bound on the sum of keys, values and overhead, in bytes. */
    public long maximumBytes() {
        return table.maximumBytes();
    }

    /** Changes the bound ({@code cache_memlimit}); if it shrinks, items go. */
    public void setMaximumBytes(long bytes) {
        table.setMaximumBytes(bytes);
    }

    /** The largest item, in bytes and in memcached's reckoning: key, value and about 60 bytes. */
    public int itemSizeLimit() {
        return itemSizeLimit;
    }

    /** Settings of a new store; each has memcached's default. */
    public static final class Builder {
        private long maximumBytes = DEFAULT_MAXIMUM_BYTES;
        private int itemSizeLimit = DEFAULT_ITEM_SIZE_LIMIT;
        private StoreClock clock = StoreClock.system();
        private StoreEvents events = StoreEvents.NONE;
        private Executor executor = ForkJoinPool.commonPool();

        private Builder() {}

        /**
         * The bound on the sum of keys, values and the heap they take besides, in bytes (memcached's {@code -m}, there
         * in MiB).
         */
        public Builder maximumBytes(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("maximum bytes: " + bytes + ", expected 0 or more");
            }
            this.maximumBytes = bytes;
            return this;
        }

        /** The largest item in bytes, as memcached's {@code -I}: 1 KiB to 1 GiB. */
        public Builder itemSizeLimit(int bytes) {
            if (bytes < 1024 || bytes > 1 << 30) {
                throw new IllegalArgumentException("item size limit: " + bytes + ", expected 1024 to " + (1 << 30));
            }
            this.itemSizeLimit = bytes;
            return this;
        }

        public Builder clock(StoreClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Sets the receiver of what clients do to items. */
        public Builder events(StoreEvents events) {
            this.events = Objects.requireNonNull(events, "events");
            return this;
        }

        /** Removes flushed items; by default the common pool. {@code Runnable::run} does it in the calling thread. */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        public Store build() {
            return new Store(this);
        }
    }
}
