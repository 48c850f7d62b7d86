package io.memroute.proxy.script.slot;

import io.memroute.lua.Results;
import io.memroute.proxy.config.library.McpConstants;
import org.jspecify.annotations.Nullable;

/**
 * The wait of a suspended function.
 *
 * @see "docs/reference/proxy-api.md section 3.9, Queueing and waiting"
 */
final class Wait {

    private enum Kind {
        NONE,
        COUNT,
        HANDLE,
        SLEEP
    }

    private final RequestContext slot;
    private Kind kind = Kind.NONE;
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

    /** Waits for a number of results that the mode counts, one of {@code mcp.WAIT_*}. */
    void forCount(long number, long countedMode) {
        kind = Kind.COUNT;
        needed = number;
        mode = countedMode;
        counted = 0;
        over = false;
    }

    void forHandle(Handle handle) {
        kind = Kind.HANDLE;
        awaited = handle;
        over = false;
    }

    /** Waits for nothing but the time. */
    void sleep() {
        kind = Kind.SLEEP;
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
