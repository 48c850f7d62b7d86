package io.memroute.proxy.client;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.access.Access;
import io.memroute.proxy.access.DecodedKey;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.access.QuotaKind;
import io.memroute.proxy.access.Quotas;
import io.memroute.proxy.access.WorkerQuota;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.IdentityCounters;
import io.memroute.proxy.trust.Identity;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges the requests of one client before anything is made of them, by the rules about clients that are in force.
 * Owned by the worker's thread.
 *
 * <p>The rules and the identity may change between two requests: with a reload, and when the client logs in. What
 * follows from both is found again then.
 */
final class Admission {

    private static final byte[] ACCESS_DENIED = Replies.line("CLIENT_ERROR access denied");
    private static final byte[] META_MISS = Replies.line("EN");
    private static final byte[] SILENCE = {};
    private static final Map<QuotaKind, byte[]> EXCEEDED = new EnumMap<>(QuotaKind.class);

    static {
        for (QuotaKind kind : QuotaKind.values()) {
            EXCEEDED.put(kind, Replies.line("SERVER_ERROR quota exceeded: " + kind.word()));
        }
    }

    private static final WorkerQuota[] NO_LIMITS = {};

    private final WorkerClients clients;
    private final ExchangeQueue queue;

    /** The rules and the identity that the rest follows from. */
    private @Nullable Access access;

    private @Nullable Quotas quotas;
    private @Nullable Identity identity;

    private Access.@Nullable Rights rights;
    /** The quotas in which the client counts. */
    private WorkerQuota[] limits = NO_LIMITS;
    /** The cost of the present request in each of them. */
    private long[] costs = {};

    /** Whether there was no room for the connection. */
    private boolean excess;

    @SuppressWarnings("NullAway.Init") // set with the rules
    private IdentityCounters counts;

    /** @param queue of the client: its requests under way */
    Admission(WorkerClients clients, ExchangeQueue queue) {
        this.clients = clients;
        this.queue = queue;
    }

    /**
     * Judges a request, which is well-formed but for the text of a flag.
     *
     * @param asking the client, as far as it is known now
     * @return the line to answer it with at once, unless it is to be started
     */
    byte @Nullable [] refusal(Request request, Identity asking) {
        Access rulesInForce = clients.access();
        Quotas quotasInForce = clients.quotas();
        if (rulesInForce != access || quotasInForce != quotas || asking != identity) {
            follow(rulesInForce, quotasInForce, asking);
        }
        if (access == null && quotas == null) {
            return null;
        }
        counts.increment(IdentityCounters.Count.REQUESTS);
        if (rights != null && !rights.permit(request)) {
            clients.refusedBy(rights.refusing());
            clients.counters().increment(Counter.ACCESS_DENIED);
            counts.increment(IdentityCounters.Count.DENIED);
            return ACCESS_DENIED;
        }
        return limits == NO_LIMITS ? null : overLimit(request);
    }

    private void follow(@Nullable Access rulesInForce, @Nullable Quotas quotasInForce, Identity asking) {
        leave();
        access = rulesInForce;
        quotas = quotasInForce;
        identity = asking;
        rights = rulesInForce == null ? null : rulesInForce.rightsOf(asking);
        if (rulesInForce != null || quotasInForce != null) {
            counts = clients.identity(IdentityName.bestOf(asking));
        }
        if (quotasInForce != null) {
            enter(quotasInForce.of(asking, clients.worker().nanoTime()));
        }
    }

    private void enter(WorkerQuota[] found) {
        for (int i = 0; i < found.length; i++) {
            if (!found[i].connect()) {
                clients.refusedBy(found[i].place());
                excess = true;
                for (int j = 0; j < i; j++) {
                    found[j].disconnect();
                }
                return;
            }
        }
        limits = found.length == 0 ? NO_LIMITS : found;
        costs = new long[found.length];
        changeInFlight(queue.size());
    }

    private void leave() {
        excess = false;
        changeInFlight(-queue.size());
        disconnect();
        limits = NO_LIMITS;
    }

    private void disconnect() {
        for (WorkerQuota limit : limits) {
            limit.disconnect();
        }
    }

    /** Whether the connection is to end when its requests are answered: there are too many. */
    boolean isExcess() {
        return excess;
    }

    private byte @Nullable [] overLimit(Request request) {
        long now = clients.worker().passNanos();
        DecodedKey decoded = clients.decodedKey();
        if (rights == null) {
            decoded.forget();
        }
        for (int i = 0; i < limits.length; i++) {
            WorkerQuota limit = limits[i];
            costs[i] = limit.cost(request, decoded);
            QuotaKind lacking = limit.lacksRoom(costs[i], now);
            if (lacking != null) {
                exceeded(lacking);
                clients.refusedBy(limit.place());
                return limit.rule().missAbove() && request.command().isGet() ? miss(request) : refusal(lacking);
            }
        }
        int bytes = request.end() - request.start() + request.valueBytes();
        for (int i = 0; i < limits.length; i++) {
            limits[i].use(costs[i], bytes);
        }
        return null;
    }

    /** The answer to a client of whose connections there are too many. */
    byte[] tooManyConnections() {
        exceeded(QuotaKind.CONNECTIONS);
        return refusal(QuotaKind.CONNECTIONS);
    }

    private static byte[] refusal(QuotaKind kind) {
        return Objects.requireNonNull(EXCEEDED.get(kind), "each kind has one");
    }

    private void exceeded(QuotaKind kind) {
        clients.counters().increment(Counter.QUOTA_EXCEEDED);
        counts.increment(IdentityCounters.Count.exceeded(kind));
    }

    private static byte[] miss(Request request) {
        return request.command() != Command.MG ? Replies.END : request.quiet() ? SILENCE : META_MISS;
    }

    /** Counts a request that has been put into the queue, or with -1 one that has left it. */
    void changeInFlight(int change) {
        for (WorkerQuota limit : limits) {
            limit.addInFlight(change);
        }
    }

    /** Counts the bytes of a reply. */
    void replied(long bytes) {
        for (WorkerQuota limit : limits) {
            limit.useBytes(bytes);
        }
    }

    /** The client has gone. What it has under way counts until it is answered. */
    void close() {
        disconnect();
    }
}
