package io.memroute.proxy.config.source;

import io.memroute.lua.LimitError;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaLimits;
import java.time.Duration;

/**
 * The limits on the Lua of a configuration.
 *
 * @param loadTime of one load in the state where configurations are read, of the same load on each worker, and of each
 *     call of a cron; wall-clock time, waits included
 * @param loadBytes allocated meanwhile, garbage included
 * @param requestTime of one call while requests are served: of a request from one wait to the next, or of a callback.
 *     No worker does anything else meanwhile
 * @param requestBytes allocated meanwhile, garbage included
 */
public record LuaBounds(Duration loadTime, long loadBytes, Duration requestTime, long requestBytes) {

    /**
     * Hundreds of times what large configurations take; an operator who waits for a reload that hangs is told soon
     * enough.
     */
    public static final Duration DEFAULT_LOAD_TIME = Duration.ofSeconds(10);

    /** A function that never ends costs its own request, and the others of its worker this delay. */
    public static final Duration DEFAULT_REQUEST_TIME = Duration.ofSeconds(2);

    /**
     * A second of an ordinary processor is about twice as many; so an idle machine is not needed to notice a loop in
     * time.
     */
    private static final long STEPS_PER_SECOND = 25_000_000;

    /**
     * A load may take this part of the heap, which it shares with the configuration in force, the embedded store and
     * all traffic.
     */
    private static final int LOADS_PART_OF_HEAP = 4;

    private static final long MIN_LOAD_BYTES = 64L << 20;
    private static final long MAX_LOAD_BYTES = 1L << 30;

    /** One request may take this part of the heap: some workers may have one such request each. */
    private static final int REQUESTS_PART_OF_HEAP = 16;

    private static final long MIN_REQUEST_BYTES = 16L << 20;
    private static final long MAX_REQUEST_BYTES = 256L << 20;

    /** @throws IllegalArgumentException if a bound is not above zero */
    public LuaBounds {
        if (loadTime.isNegative() || loadTime.isZero() || requestTime.isNegative() || requestTime.isZero()) {
            throw new IllegalArgumentException("the time of a load and of a request must be above zero");
        }
        if (loadBytes <= 0 || requestBytes <= 0) {
            throw new IllegalArgumentException("the memory of a load and of a request must be above zero");
        }
    }

    /** The defaults for a heap of this size. */
    public static LuaBounds ofHeap(long heapBytes) {
        return new LuaBounds(
                DEFAULT_LOAD_TIME, Math.clamp(heapBytes / LOADS_PART_OF_HEAP, MIN_LOAD_BYTES, MAX_LOAD_BYTES),
                DEFAULT_REQUEST_TIME,
                        Math.clamp(heapBytes / REQUESTS_PART_OF_HEAP, MIN_REQUEST_BYTES, MAX_REQUEST_BYTES));
    }

    /** The defaults for the heap of this process. */
    public static LuaBounds defaults() {
        return ofHeap(Runtime.getRuntime().maxMemory());
    }

    public LuaBounds withLoadTime(Duration time) {
        return new LuaBounds(time, loadBytes, requestTime, requestBytes);
    }

    public LuaBounds withLoadBytes(long bytes) {
        return new LuaBounds(loadTime, bytes, requestTime, requestBytes);
    }

    public LuaBounds withRequestTime(Duration time) {
        return new LuaBounds(loadTime, loadBytes, time, requestBytes);
    }

    public LuaBounds withRequestBytes(long bytes) {
        return new LuaBounds(loadTime, loadBytes, requestTime, bytes);
    }

    /** Returns advice for the operator about an error of a load; empty unless the load was stopped. */
    public static String hint(LuaError error) {
        if (!(error instanceof LimitError exceeded)) {
            return "";
        }
        return exceeded.limit() == LimitError.Limit.MEMORY
                ? "; a proxy started with -o lua_load_memory=MEGABYTES allows more, and so does check --load-memory"
                : "; a proxy started with -o lua_load_time=SECONDS allows more, and so does check --load-time";
    }

    /** Returns the limits of a state while a configuration is loaded in it, and of crons. */
    public LuaLimits load() {
        return LuaLimits.NONE.withTime(loadTime).withAllocatedBytes(loadBytes);
    }

    /** Returns the limits of a worker's state while it serves. */
    public LuaLimits request() {
        return LuaLimits.NONE
                .withSteps(Math.max(1, STEPS_PER_SECOND * requestTime.toMillis() / 1000))
                .withTime(requestTime)
                .withAllocatedBytes(requestBytes);
    }
}
