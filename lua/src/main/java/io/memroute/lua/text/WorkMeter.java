package io.memroute.lua.text;

/** Is told how much work an algorithm did, so that one call cannot outrun its caller's budget. */
@FunctionalInterface
public interface WorkMeter {
    /** Counts nothing. */
    WorkMeter NONE = steps -> {};

    /** {@code steps} more steps were done; throws to stop the algorithm. */
    void charge(int steps);

    /** So many bytes are held from now on that the JVM does not count as allocated, as those of a class are. */
    default void held(long bytes) {}
}
