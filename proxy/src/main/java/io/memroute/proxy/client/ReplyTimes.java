package io.memroute.proxy.client;

import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.RequestCounters;
import java.util.Arrays;

/**
 * Measures the time of one client's requests, from when their last byte was read until the last byte of their reply was
 * written. Owned by the worker's thread.
 *
 * <p>The replies of one write have one time. Neighbours of one class that were read together, as clients send them that
 * do not wait for each reply, cost as much as one.
 */
final class ReplyTimes {

    private static final long[] NONE = {};

    private static final CommandClass[] CLASSES = CommandClass.values();

    private final RequestCounters counters;

    /** The requests answered since the last write: those of one class that were read at one time. */
    private CommandClass kind = CommandClass.GET;

    private long arrivedNanos;
    private int count;

    /** The same of those before them, from oldest to newest: class, time, number. */
    private long[] earlier = NONE;

    private int earlierLength;

    ReplyTimes(RequestCounters counters) {
        this.counters = counters;
    }

    /**
     * Notes that the reply to a request will be part of the next write. It does not count if the client gets none, if
     * its command has no class, or if more keys of the same line are to come: a get of several keys counts once.
     */
    void answered(Exchange exchange) {
        if (exchange.endsLine() && exchange.replyLength() > 0) {
            CommandClass answered = CommandClass.of(exchange.request().command());
            if (answered != null) {
                add(answered, exchange.arrivedNanos());
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
    boolean isEmpty() {
        return count == 0;
    }

    /** Notes that the replies have been written. */
    void written(long nanos) {
        for (int i = 0; i < earlierLength; i += 3) {
            counters.latency(CLASSES[(int) earlier[i]]).record(nanos - earlier[i + 1], (int) earlier[i + 2]);
        }
        earlierLength = 0;
        if (count > 0) {
            counters.latency(kind).record(nanos - arrivedNanos, count);
        }
        count = 0;
    }
}
