package io.memroute.proxy.measure;

import io.memroute.protocol.Command;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.RequestCounters;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Measures the time of one client's requests, from when their last byte was read until the last byte of their reply was
 * written. Owned by the worker's thread.
 *
 * <p>The replies of one write have one time. Neighbours of one class that were read together, as clients send them that
 * do not wait for each reply, cost as much as one.
 */
public final class ReplyTimes {

    private static final long[] NONE = {};

    private static final CommandClass[] CLASSES = CommandClass.values();

    private final RequestCounters counters;

    /** The requests answered since the last write: those of one class that were read at one time. */
    private CommandClass kind = CommandClass.GET;

    /** The command of the last one, if there is one. */
    private @Nullable Command last;

    private long arrivedNanos;
    private int count;

    /** The same of those before them, from oldest to newest: class, time, number. */
    private long[] earlier = NONE;

    private int earlierLength;

    /** Measures into the counters of a worker. */
    public ReplyTimes(RequestCounters counters) {
        this.counters = counters;
    }

    /**
     * Notes that the reply to a request will be part of the next write. Commands without a class do not count.
     *
     * @param arrivedNanos when the last byte of the request was read
     */
    public void answered(Command command, long arrivedNanos) {
        if (command == last && arrivedNanos == this.arrivedNanos) {
            count++;
        } else {
            CommandClass answered = CommandClass.of(command);
            if (answered != null) {
                add(answered, arrivedNanos);
                last = command;
            }
        }
    }

    private void add(CommandClass answered, long nanos) {
        if (count > 0 && kind == answered && arrivedNanos == nanos) {
            count++;
            return;
        }
        if (count > 0) {
            keep();
        }
        kind = answered;
        arrivedNanos = nanos;
        count = 1;
    }

    private void keep() {
        if (earlierLength == earlier.length) {
            earlier = Arrays.copyOf(earlier, Math.max(12, earlierLength << 1));
        }
        earlier[earlierLength++] = kind.ordinal();
        earlier[earlierLength++] = arrivedNanos;
        earlier[earlierLength++] = count;
    }

    /** Whether there is nothing to measure. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Notes that the replies have been written. */
    public void written(long nanos) {
        for (int i = 0; i < earlierLength; i += 3) {
            counters.latency(CLASSES[(int) earlier[i]]).record(nanos - earlier[i + 1], (int) earlier[i + 2]);
        }
        earlierLength = 0;
        if (count > 0) {
            counters.latency(kind).record(nanos - arrivedNanos, count);
        }
        count = 0;
        last = null;
    }
}
