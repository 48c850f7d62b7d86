package io.memroute.lua.text;

/** Is told how much work an algorithm did, so that one call cannot outrun its caller's budget. */
@FunctionalInterface
public interface WorkMeter {
    /** Counts nothing. */
    WorkMeter NONE = steps -> {};

    /** {@code steps} more steps were done; throws to stop the algorithm. */
    void charge(int steps);

    /** Notes bytes that are held from now on and that the JVM does not count as allocated, such as those of a class. */
    default void held(long bytes) {}
}
