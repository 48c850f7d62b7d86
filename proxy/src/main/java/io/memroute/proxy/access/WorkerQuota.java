package io.memroute.proxy.access;

import io.memroute.protocol.Request;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One worker's part in a limit: the tokens that it has drawn and not spent, and what it has open. Owned by the worker's
 * thread; other workers read the counts, which may be some nanoseconds old.
 */
public final class WorkerQuota {

    private static final VarHandle IN_FLIGHT = handle("inFlight");
    private static final VarHandle CONNECTIONS = handle("connections");

    private final QuotaRule rule;
    private final SharedQuota shared;
    private final @Nullable Purse requests;
    private final @Nullable Purse bytes;
    private final KeyPrefixes prefixes;
    private final long mostInFlight;
    private final long mostConnections;
    private RulePlace place;
    private long inFlight;
    private long connections;

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(WorkerQuota.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * @param rule without its place
     * @param workers how many there are: what each draws at a time is the less
     */
    WorkerQuota(QuotaRule rule, RulePlace place, SharedQuota shared, int workers) {
        this.rule = rule;
        this.place = place;
        this.shared = shared;
        this.requests =
                shared.requests().map(bucket -> new Purse(bucket, workers)).orElse(null);
        this.bytes = shared.bytes().map(bucket -> new Purse(bucket, workers)).orElse(null);
        this.prefixes = new KeyPrefixes(rule.keys());
        this.mostInFlight = rule.inFlight().orElse(Long.MAX_VALUE);
        this.mostConnections = rule.connections().orElse(Long.MAX_VALUE);
        shared.add(this);
    }

    /** The limit. */
    public QuotaRule rule() {
        return rule;
    }

    /** The place of the limit in the files that are in force. */
    public RulePlace place() {
        return place;
    }

    /** Notes that a reload has moved the limit. */
    void moveTo(RulePlace now) {
        place = now;
    }

    /**
     * Looks whether there is room for a request, and takes none.
     *
     * @param cost of it, as {@link #cost} says; with 0 the limit is not about it
     * @return what is used up, unless there is room
     */
    public @Nullable QuotaKind lacksRoom(long cost, long nowNanos) {
        if (cost == 0) {
            return null;
        }
        if (requests != null && !requests.hasRoom(nowNanos)) {
            return QuotaKind.REQUESTS;
        }
        if (bytes != null && !bytes.hasRoom(nowNanos)) {
            return QuotaKind.BYTES;
        }
        return mostInFlight != Long.MAX_VALUE && shared.inFlight() >= mostInFlight ? QuotaKind.IN_FLIGHT : null;
    }

    /**
     * The number of keys of the request that the limit is about; 1 for a request without a key, 0 for one that anybody
     * may always send.
     *
     * @param decoded the key of this request
     */
    public long cost(Request request, DecodedKey decoded) {
        if (CommandSet.neededBy(request) == 0) {
            return 0;
        }
        if (prefixes.isEmpty()) {
            return Math.max(1, request.keyCount());
        }
        return prefixes.count(request, decoded);
    }

    /** Takes the room for a request. */
    public void use(long cost, long requestBytes) {
        if (cost > 0) {
            if (requests != null) {
                requests.spend(cost);
            }
            useBytes(requestBytes);
        }
    }

    /** Takes the room for bytes of a reply, even if there is none left. */
    public void useBytes(long amount) {
        if (bytes != null) {
            bytes.spend(amount);
        }
    }

    /** Counts more requests under way, or fewer. */
    public void addInFlight(long change) {
        IN_FLIGHT.setOpaque(this, inFlight + change);
    }

    /** Counts one connection more. Returns whether there was room; if not, it is not counted. */
    public boolean connect() {
        if (mostConnections != Long.MAX_VALUE && shared.connections() >= mostConnections) {
            return false;
        }
        CONNECTIONS.setOpaque(this, connections + 1);
        return true;
    }

    /** Counts one connection less. */
    public void disconnect() {
        CONNECTIONS.setOpaque(this, connections - 1);
    }

    long inFlight() {
        return (long) IN_FLIGHT.getOpaque(this);
    }

    long connections() {
        return (long) CONNECTIONS.getOpaque(this);
    }

    /** Tokens that the worker has drawn: spent alone, drawn from all workers' bucket a few milliseconds' worth. */
    private static final class Purse {

        /** Draws of all workers together in a second, at least; what they hold unspent is at most that part. */
        private static final int DRAWS_PER_SECOND = 100;

        /** The time for which an empty bucket is not asked again, so that a flood of requests is refused alone. */
        private static final long PAUSE_NANOS = 1_000_000;

        private final SharedBucket bucket;
        private final double drawn;
        private double tokens;
        private long emptyUntilNanos = Long.MIN_VALUE;

        Purse(SharedBucket bucket, int workers) {
            this.bucket = bucket;
            this.drawn = Math.max(1, bucket.perSecond() / DRAWS_PER_SECOND / workers);
        }

        boolean hasRoom(long nowNanos) {
            if (tokens >= 1) {
                return true;
            }
            if (emptyUntilNanos != Long.MIN_VALUE && nowNanos - emptyUntilNanos < 0) {
                return false;
            }
            double debt = Math.max(0, -tokens);
            boolean granted = bucket.draw(debt, drawn, nowNanos);
            tokens += debt;
            if (granted) {
                tokens += drawn;
                emptyUntilNanos = Long.MIN_VALUE;
                return true;
            }
            emptyUntilNanos = nowNanos + PAUSE_NANOS;
            return false;
        }

        void spend(long amount) {
            tokens -= amount;
        }
    }
}
