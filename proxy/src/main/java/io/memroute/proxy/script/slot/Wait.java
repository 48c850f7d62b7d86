package io.memroute.proxy.script.slot;

import io.memroute.lua.Results;
import io.memroute.proxy.config.library.McpConstants;
import org.jspecify.annotations.Nullable;

/**
 * The wait of a suspended function. A method of the context prepares it; it begins when the function is really left or
 * suspended for it.
 *
 * @see "docs/reference/proxy-api.md section 3.9, Queueing and waiting"
 */
final class Wait {

    static final long NO_TIMEOUT = -1;

    private enum Kind {
        NONE,
        COUNT,
        HANDLE,
        SLEEP
    }

    private final RequestContext slot;
    private Kind kind = Kind.NONE;

    /** The kind of wait that {@link #begin} begins. */
    private Kind prepared = Kind.NONE;

    private long timeoutNanos;
    private long needed;
    private long mode;
    private long counted;
    private boolean over;

    /** Set while it waits for one. */
    @SuppressWarnings("NullAway.Init")
    private Handle awaited;

    Wait(RequestContext slot) {
        this.slot = slot;
    }

    /** Prepares to wait for a number of results that the mode counts, one of {@code mcp.WAIT_*}. */
    void forCount(long number, long countedMode, long timeout) {
        prepared = Kind.COUNT;
        needed = number;
        mode = countedMode;
        timeoutNanos = timeout;
    }

    void forHandle(Handle handle, long timeout) {
        prepared = Kind.HANDLE;
        awaited = handle;
        timeoutNanos = timeout;
    }

    /** Prepares to wait for nothing but the time. */
    void sleep(long nanos) {
        prepared = Kind.SLEEP;
        timeoutNanos = nanos;
    }

    void begin() {
        kind = prepared;
        counted = 0;
        over = false;
    }

    /** The time it lasts at most; {@link #NO_TIMEOUT} if there is no such limit. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    void end() {
        kind = Kind.NONE;
    }

    boolean isFor(Handle handle) {
        return kind == Kind.HANDLE && awaited == handle;
    }

    boolean isActive() {
        return kind != Kind.NONE;
    }

    /** Whether queued requests are sent when this wait begins. */
    boolean sends() {
        return kind != Kind.SLEEP;
    }

    /** Has the function go on, as a callback asks. */
    void resume() {
        over = true;
    }

    /**
     * Counts the results that have come in, and says whether the function goes on now.
     *
     * @param outstanding requests that were sent and not answered
     */
    boolean isOver(int outstanding) {
        return switch (kind) {
            case NONE -> throw new IllegalStateException("the function does not wait");
            case SLEEP -> false;
            case HANDLE -> over || outstanding == 0 || awaited.isDone();
            case COUNT -> {
                countDone();
                yield over || outstanding == 0 || counted == needed;
            }
        };
    }

    private void countDone() {
        for (Handle handle : slot.handles().all()) {
            if (counted == needed) {
                return;
            }
            if (handle.state() == Handle.State.DONE && counts(handle.resultClass())) {
                handle.count();
                counted++;
                over |= mode == McpConstants.WAIT_FASTGOOD && handle.resultClass() == ResultClass.GOOD;
            }
        }
    }

    private boolean counts(ResultClass result) {
        if (mode == McpConstants.WAIT_ANY || result == ResultClass.GOOD) {
            return true;
        }
        return result == ResultClass.OK && mode != McpConstants.WAIT_GOOD;
    }

    /** The results that the function gets from the wait. */
    @Nullable
    Object results(boolean timedOut) {
        return switch (kind) {
            case COUNT -> timedOut ? Results.of(counted, Boolean.TRUE) : (Object) counted;
            case HANDLE -> {
                if (timedOut) {
                    yield Results.of(null, Boolean.TRUE);
                }
                if (awaited.state() == Handle.State.DONE) {
                    awaited.count();
                }
                yield awaited.result();
            }
            case SLEEP, NONE -> Boolean.TRUE;
        };
    }
}
