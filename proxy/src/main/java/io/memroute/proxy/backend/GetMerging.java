package io.memroute.proxy.backend;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether the gets of one backend may share command lines. A backend that has answered a shared line with an
 * error is asked key by key for a while: its answer about one key must not concern another. The first line that repeats
 * a key shows whether lines may do so, since some servers answer a repeated key once. Shared by a backend's
 * connections; owned by the worker's thread.
 */
final class GetMerging {

    /** First pause: long enough that a server with a passing trouble is not asked again within it. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Longest pause: a proxy with a dead server behind it costs one repeated get in that time. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

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

    /** Begins a pause, each twice as long as the one before. */
    void pause(long nowNanos) {
        if (allowed) {
            allowed = false;
            pausedNanos = nowNanos;
        }
    }

    /** Ends a pause that has lasted long enough. */
    void elapse(long nowNanos) {
        if (!allowed && wanted && nowNanos - pausedNanos >= pauseNanos) {
            allowed = true;
            pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
        }
    }
}
