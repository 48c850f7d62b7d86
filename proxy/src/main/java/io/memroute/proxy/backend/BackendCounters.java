package io.memroute.proxy.backend;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.stats.LatencyRecorder;
import io.memroute.proxy.stats.ReplyKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one worker about the servers with one label. They outlive connections, which a reload may replace, so
 * that no count falls while the label is in use. Written by the worker's thread only; read by any thread, which may see
 * some of the latest events in one number and not yet in another, but never half of a number.
 *
 * <p>An object takes 0.4 kB, and its two recorders of latency 0.3 to 1.7 kB each, by how much the server's times
 * differ. A thousand servers with four workers are some 8 MB.
 */
public final class BackendCounters {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    /** A count without a breakdown. */
    public enum Count {
        /** Requests given to a connection, whether or not they are sent. */
        REQUESTS,
        /** Requests that got no reply: they were refused at once, or their connection was lost. */
        UNANSWERED,
        /** Bytes received as replies. */
        RECEIVED_BYTES,
        /** Bytes of requests written. */
        SENT_BYTES,
        /** Connections that answered the handshake. */
        HANDSHAKES,
        /** Connections lost and reconnected at once. */
        RECONNECTS
    }

    /** A connection that was lost, or could not be made. */
    public record LastFailure(Instant time, BackendFailure failure) {}

    private final long[] counts = new long[Count.values().length];
    private final long[] replies = new long[ReplyKind.values().length];
    private final long[] failures = new long[BackendFailure.values().length];
    private final long[] mostQueued = new long[1];
    private final LatencyRecorder queueTime = new LatencyRecorder();
    private final LatencyRecorder serverTime = new LatencyRecorder();
    private volatile @Nullable LastFailure lastFailure;

    /** Replies to one command, of one type, that readers do not see yet. */
    private Command alikeCommand = Command.UNKNOWN;

    private ReplyType alikeType = ReplyType.UNKNOWN;
    private int alike;

    /** Counts one more. */
    void increment(Count count) {
        add(count, 1);
    }

    /** Counts so many more. */
    void add(Count count, long amount) {
        int i = count.ordinal();
        ELEMENT.setOpaque(counts, i, counts[i] + amount);
    }

    /**
     * Counts a reply of the server. Neighbours that are alike are counted as one: {@link #publish} has to follow before
     * what this thread reads next is written to anybody.
     */
    void replied(Command command, ReplyType type) {
        if (command == alikeCommand && type == alikeType) {
            alike++;
        } else {
            publish();
            alikeCommand = command;
            alikeType = type;
            alike = 1;
        }
    }

    /** Counts a reply of the server. */
    void replied(ReplyKind kind) {
        replied(kind, 1);
    }

    private void replied(ReplyKind kind, int times) {
        int i = kind.ordinal();
        ELEMENT.setOpaque(replies, i, replies[i] + times);
    }

    /** Has readers see every reply that was counted. */
    void publish() {
        if (alike > 0) {
            replied(ReplyKind.of(alikeCommand, alikeType), alike);
            alike = 0;
        }
    }

    /** Counts a connection that was lost, or could not be made. */
    void failed(BackendFailure failure) {
        int i = failure.ordinal();
        ELEMENT.setOpaque(failures, i, failures[i] + 1);
        lastFailure = new LastFailure(Instant.now(), failure);
    }

    /** Notes how many requests of one connection are not answered. */
    void queued(long requests) {
        if (requests > mostQueued[0]) {
            ELEMENT.setOpaque(mostQueued, 0, requests);
        }
    }

    /** Starts the times and what was most over; counts go on. The worker's thread. */
    public void reset() {
        ELEMENT.setOpaque(mostQueued, 0, 0L);
        queueTime.reset();
        serverTime.reset();
    }

    /** Any thread. */
    public long get(Count count) {
        return (long) ELEMENT.getOpaque(counts, count.ordinal());
    }

    /** Any thread. */
    public long replies(ReplyKind kind) {
        return (long) ELEMENT.getOpaque(replies, kind.ordinal());
    }

    /** Any thread. */
    public long failures(BackendFailure failure) {
        return (long) ELEMENT.getOpaque(failures, failure.ordinal());
    }

    /** The most requests of one connection that were not answered at one time. Any thread. */
    public long mostQueued() {
        return (long) ELEMENT.getOpaque(mostQueued, 0);
    }

    /** The last connection that was lost, or could not be made, if there was one. Any thread. */
    public @Nullable LastFailure lastFailure() {
        return lastFailure;
    }

    /** The times from when a connection got a request until it was written. */
    public LatencyRecorder queueTime() {
        return queueTime;
    }

    /** The times from when a request was written until its reply was read. */
    public LatencyRecorder serverTime() {
        return serverTime;
    }
}
