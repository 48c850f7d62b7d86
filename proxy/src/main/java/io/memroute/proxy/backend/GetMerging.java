package io.memroute.proxy.backend;

import io.memroute.proxy.backend.events.BackendFailure;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether the gets of one backend may share command lines. A backend that has answered a shared line with an
 * error, with values too many, or with the end of the connection, is asked key by key for a while: its answer about one
 * key must not concern another. The first line that repeats a key shows whether lines may do so, since some servers
 * answer a repeated key once. Shared by a backend's connections; owned by the worker's thread.
 */
final class GetMerging {

    /** First pause: long enough that a server with a passing trouble is not asked again within it. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Longest pause: a proxy with a dead server behind it costs one repeated get in that time. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Connections lost in a row while a shared line was answered: a single one says nothing about sharing. */
    private static final int LOSSES_IN_A_ROW = 2;

    /** The way in which a backend answers a key that a line repeats. */
    enum RepeatedKeys {
        /** No line with a repeated key has been answered yet. */
        UNKNOWN,
        /** Each time, as memcached does. */
        ANSWERED,
        /** Once, where it stands first. */
        ANSWERED_ONCE
    }

    private final boolean wanted;
    private RepeatedKeys repeatedKeys = RepeatedKeys.UNKNOWN;
    private boolean allowed;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long pausedNanos;
    /** The time when the last pause ended. */
    private long resumedNanos;

    private int losses;

    /** @param wanted whether the configuration wants gets merged at all */
    GetMerging(boolean wanted) {
        this.wanted = wanted;
        this.allowed = wanted;
    }

    boolean allowed() {
        return allowed;
    }

    RepeatedKeys repeatedKeys() {
        return repeatedKeys;
    }

    void learn(RepeatedKeys found) {
        repeatedKeys = found;
    }

    /** Forgets how repeated keys are answered: another server may be there now. */
    void forgetRepeatedKeys() {
        repeatedKeys = RepeatedKeys.UNKNOWN;
    }

    /** Notes that a shared line has been answered in full. */
    void answered() {
        losses = 0;
    }

    /**
     * Notes that a connection is lost whose oldest request is a shared line, and pauses if that may be the reason.
     *
     * @return whether the gets outstanding are to be asked again, apart
     */
    boolean lost(BackendFailure failure, long nowNanos) {
        switch (failure) {
            case OUT_OF_MEMORY -> {
                return false;
            }
            case UNCLEAR_GET, WRONG_KEY, MISSING_END -> losses = LOSSES_IN_A_ROW;
            default -> losses = Math.min(losses + 1, LOSSES_IN_A_ROW);
        }
        if (losses < LOSSES_IN_A_ROW) {
            return false;
        }
        pause(nowNanos);
        // After the read timeout there is no time left to wait again.
        return failure != BackendFailure.TIMEOUT;
    }

    /**
     * Begins a pause, twice as long as the one before; as long as the first if shared lines have been answered well for
     * that time.
     */
    void pause(long nowNanos) {
        if (allowed) {
            if (nowNanos - resumedNanos >= pauseNanos) {
                pauseNanos = FIRST_PAUSE_NANOS;
            }
            allowed = false;
            pausedNanos = nowNanos;
        }
    }

    /** Ends a pause that has lasted long enough. */
    void elapse(long nowNanos) {
        if (!allowed && wanted && nowNanos - pausedNanos >= pauseNanos) {
            allowed = true;
            resumedNanos = nowNanos;
            pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
        }
    }
}
