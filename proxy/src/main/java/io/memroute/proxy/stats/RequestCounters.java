package io.memroute.proxy.stats;

import io.memroute.protocol.Command;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.stream.Stream;

/**
 * The outcome of the requests of one worker's clients, by command, and their latency, by class of commands. Written by
 * the worker's thread only; read by any thread, which may see a value some nanoseconds old but never half of one.
 */
public final class RequestCounters {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int KINDS = ReplyKind.values().length;

    /** Requests by {@link Command#id()} and {@link ReplyKind}. */
    private final long[] results = new long[(Command.PREPEND.id() + 1) * KINDS];

    /** Durations by ordinal of {@link CommandClass}. */
    private final LatencyRecorder[] latency = Stream.generate(LatencyRecorder::new)
            .limit(CommandClass.values().length)
            .toArray(LatencyRecorder[]::new);

    /** Counts the outcome that so many storage commands had. */
    public void ended(Command command, ReplyKind kind, int commands) {
        int i = command.id() * KINDS + kind.ordinal();
        ELEMENT.setOpaque(results, i, results[i] + commands);
    }

    /** Any thread. */
    public long get(Command command, ReplyKind kind) {
        return (long) ELEMENT.getOpaque(results, command.id() * KINDS + kind.ordinal());
    }

    /** The times from when the last byte of a request was read until the last byte of its reply was written. */
    public LatencyRecorder latency(CommandClass kind) {
        return latency[kind.ordinal()];
    }

    /** Starts latency over; counts go on. The worker's thread. */
    public void reset() {
        for (LatencyRecorder each : latency) {
            each.reset();
        }
    }
}
