package io.memroute.proxy.metrics;

import io.memroute.proxy.backend.BackendCounters;
import io.memroute.proxy.backend.BackendCounters.Count;
import io.memroute.proxy.stats.ReplyKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * Requests to a server, or to several, and what became of them. Immutable.
 *
 * @param requests requests given to connections, whether or not they were sent
 * @param replies replies by kind; every kind is there
 * @param unanswered requests that got no reply: refused at once, or their connection was lost
 * @param receivedBytes bytes received from servers; under TLS, of the text inside
 * @param sentBytes bytes sent to servers; under TLS, of the text inside
 * @param queueTime from when a connection got a request until it was written
 * @param serverTime from when a request was written until its reply was read
 */
public record Traffic(
        long requests,
        Map<ReplyKind, Long> replies,
        long unanswered,
        long receivedBytes,
        long sentBytes,
        Distribution queueTime,
        Distribution serverTime) {

    /** No requests. */
    public static final Traffic NONE = new Traffic(0, noReplies(), 0, 0, 0, Distribution.EMPTY, Distribution.EMPTY);

    /** The traffic that several workers have counted. */
    static Traffic of(Collection<BackendCounters> counters) {
        Map<ReplyKind, Long> replies = new EnumMap<>(ReplyKind.class);
        for (ReplyKind kind : ReplyKind.values()) {
            replies.put(
                    kind,
                    counters.stream().mapToLong(each -> each.replies(kind)).sum());
        }
        return new Traffic(
                sum(counters, Count.REQUESTS),
                replies,
                sum(counters, Count.UNANSWERED),
                sum(counters, Count.RECEIVED_BYTES),
                sum(counters, Count.SENT_BYTES),
                Distribution.of(
                        counters.stream().map(BackendCounters::queueTime).toList()),
                Distribution.of(
                        counters.stream().map(BackendCounters::serverTime).toList()));
    }

    private static long sum(Collection<BackendCounters> counters, Count count) {
        return counters.stream().mapToLong(each -> each.get(count)).sum();
    }

    private static Map<ReplyKind, Long> noReplies() {
        Map<ReplyKind, Long> replies = new EnumMap<>(ReplyKind.class);
        for (ReplyKind kind : ReplyKind.values()) {
            replies.put(kind, 0L);
        }
        return replies;
    }

    /** The number of replies of a kind. */
    public long replies(ReplyKind kind) {
        return replies.getOrDefault(kind, 0L);
    }

    /** Error replies, and requests without a reply. */
    public long errors() {
        return replies(ReplyKind.ERROR) + unanswered;
    }

    /** The traffic of both. */
    public Traffic plus(Traffic other) {
        return new Traffic(
                requests + other.requests,
                combined(replies, other.replies, 1),
                unanswered + other.unanswered,
                receivedBytes + other.receivedBytes,
                sentBytes + other.sentBytes,
                queueTime.plus(other.queueTime),
                serverTime.plus(other.serverTime));
    }

    /** The traffic since an earlier reading of the same; if counting started over in between, all of this. */
    public Traffic minus(Traffic earlier) {
        if (requests < earlier.requests) {
            return this;
        }
        return new Traffic(
                requests - earlier.requests,
                combined(replies, earlier.replies, -1),
                Math.max(0, unanswered - earlier.unanswered),
                Math.max(0, receivedBytes - earlier.receivedBytes),
                Math.max(0, sentBytes - earlier.sentBytes),
                queueTime.minus(earlier.queueTime),
                serverTime.minus(earlier.serverTime));
    }

    private static Map<ReplyKind, Long> combined(Map<ReplyKind, Long> these, Map<ReplyKind, Long> others, int sign) {
        Map<ReplyKind, Long> both = new EnumMap<>(ReplyKind.class);
        for (ReplyKind kind : ReplyKind.values()) {
            both.put(kind, Math.max(0, these.getOrDefault(kind, 0L) + sign * others.getOrDefault(kind, 0L)));
        }
        return both;
    }
}
