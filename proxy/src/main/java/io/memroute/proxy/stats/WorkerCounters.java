package io.memroute.proxy.stats;

import io.memroute.protocol.Command;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one worker. Written by the worker's thread only; read by any thread, which may see a value some
 * nanoseconds old but never half of one.
 */
public final class WorkerCounters {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[Counter.values().length];
    /** Requests by {@link Command#id()}. */
    private final long[] commands = new long[Command.PREPEND.id() + 1];

    public void increment(Counter counter) {
        add(counter, 1);
    }

    public void decrement(Counter counter) {
        add(counter, -1);
    }

    public void add(Counter counter, long amount) {
        int i = counter.ordinal();
        ELEMENT.setOpaque(counts, i, counts[i] + amount);
    }

    /** Counts a storage command given to a route. */
    public void command(Command command) {
        int i = command.id();
        ELEMENT.setOpaque(commands, i, commands[i] + 1);
    }

    /** Any thread. */
    public long get(Counter counter) {
        return (long) ELEMENT.getOpaque(counts, counter.ordinal());
    }

    /** Any thread. */
    public long get(Command command) {
        return (long) ELEMENT.getOpaque(commands, command.id());
    }

    /** Starts a counter over; the worker's thread. */
    public void reset(Counter counter) {
        ELEMENT.setOpaque(counts, counter.ordinal(), 0L);
    }
}
