package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.access.Access;
import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.access.DecodedKey;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.access.Quotas;
import io.memroute.proxy.access.RulePlace;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.client.MultigetKeys.KeyExchange;
import io.memroute.proxy.client.limit.LargestReply;
import io.memroute.proxy.client.limit.RequestLimit;
import io.memroute.proxy.client.limit.RequestWindow;
import io.memroute.proxy.fairness.Tenant;
import io.memroute.proxy.measure.Outcomes;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.IdentityCounters;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.trust.Identity;
import io.memroute.proxy.wire.InputArena;
import io.memroute.proxy.wire.OutputBuffer;
import io.memroute.proxy.worker.WorkerContext;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one worker: what their connections share, and the exchanges that their requests become. Owned by the
 * worker's thread.
 */
public final class WorkerClients {

    /** The question of clients for ElastiCache and Memorystore. */
    private static final String CLUSTER_QUESTION = "config get cluster";

    /** Longest line of a command other than a multi-key get, as in memcached. */
    private static final int LINE_BYTES = RequestParser.DEFAULT_MAX_LINE;

    /** Identities with counters of their own: as many as a table that people read may have rows. */
    private static final int MOST_IDENTITIES = 1000;

    /** Places of rules with a counter of their own: reloads move rules. */
    private static final int MOST_RULES = 1000;

    /** Stands for the rest. */
    private static final RulePlace OTHER_RULES = new RulePlace("other", 0, 0);

    /** Stands for the rest. */
    private static final String OTHER_IDENTITIES = "other";

    private final ClientContext context;
    private final WorkerContext worker;
    private final Supplier<@Nullable RouteTable> routes;
    private final ClientSweep sweep;
    private final InputArena arena = new InputArena();
    private final RequestParser parser;
    private final Map<String, ClientCounters> groups = new ConcurrentHashMap<>();
    private final Map<String, Outcomes> outcomes = new HashMap<>();
    private final Map<String, IdentityCounters> identities = new ConcurrentHashMap<>();
    private final Map<RulePlace, UserCounter> refusals = new ConcurrentHashMap<>();
    private final FreeList<RequestExchange> requests = new FreeList<>(() -> new RequestExchange(this));
    private final FreeList<KeyExchange> keys = new FreeList<>(() -> new KeyExchange(this));
    private final FreeList<OutputBuffer> outputs;
    private final RequestLimit requestLimit;
    private final DecodedKey decodedKey = new DecodedKey();
    private @Nullable Access access;
    private @Nullable Quotas quotas;
    private byte @Nullable [] cluster;

    /**
     * @param routes returns the routes in force, unless the embedded store answers everything
     * @param workers how many there are of the server
     */
    public WorkerClients(
            ClientContext context, WorkerContext worker, Supplier<@Nullable RouteTable> routes, int workers) {
        this.context = context;
        this.worker = worker;
        this.routes = routes;
        this.outputs = new FreeList<>(() -> new OutputBuffer(worker.arrays()));
        this.sweep = new ClientSweep(worker.loop());
        this.requestLimit = new RequestLimit(Runtime.getRuntime().maxMemory(), workers);
        this.parser = new RequestParser(
                LINE_BYTES,
                RequestParser.DEFAULT_MAX_MULTIGET_LINE,
                context.limits().valueBytes());
    }

    /** Sets this worker's share of the requests that may be active at one time; 0 is no limit. */
    public void setActiveLimit(long requests) {
        requestLimit.configure(requests);
    }

    /**
     * Sets the rules about clients; those that are connected are judged by them from their next request on.
     *
     * @param workers how many share the limits
     */
    public void setClientRules(ClientRules rules, int workers) {
        access = rules.access().mayRefuse() ? new Access(rules.access(), decodedKey) : null;
        Quotas before = quotas;
        if (rules.quotas().isEmpty()) {
            quotas = null;
            context.quotas().retain(rules.quotas());
        } else if (before == null) {
            quotas = new Quotas(rules.quotas(), context.quotas(), workers);
        } else {
            quotas = before.changedTo(rules.quotas());
        }
    }

    /** The limits in force, if there are any. */
    @Nullable
    Quotas quotas() {
        return quotas;
    }

    /** The key of the request that is being judged. */
    DecodedKey decodedKey() {
        return decodedKey;
    }

    /** The rules of access in force, if they refuse anything. */
    @Nullable
    Access access() {
        return access;
    }

    /** Sets the answer to clients that ask for the nodes of a cluster, if they get one. */
    public void setCluster(byte @Nullable [] answer) {
        cluster = answer;
    }

    /** Returns the answer to a request that is malformed, or unknown to memcached. */
    byte[] refusal(Request request) {
        RequestError error = Objects.requireNonNull(request.error(), "error");
        byte[] answer = cluster;
        if (answer != null
                && error == RequestError.UNKNOWN_COMMAND
                && line(request).equals(CLUSTER_QUESTION)) {
            return answer;
        }
        counters().increment(Counter.REQUEST_ERRORS);
        return error.reply();
    }

    private static String line(Request request) {
        return request.buffer()
                .toString(request.start(), request.lineEnd() - request.start(), StandardCharsets.US_ASCII)
                .strip();
    }

    RequestLimit requestLimit() {
        return requestLimit;
    }

    /** Whether a tenant may have no more requests active. One with much under way leaves some of them to others. */
    boolean isLimitReached(Tenant tenant) {
        boolean leavesSome = !tenant.isModest() && worker.turns().areTaken(tenant);
        return requestLimit.isReached(counters().get(Counter.ACTIVE_REQUESTS), leavesSome);
    }

    WorkerContext worker() {
        return worker;
    }

    WorkerCounters counters() {
        return worker.counters();
    }

    /** The counters of the clients of the listeners with a tag, made if there are none. */
    ClientCounters group(@Nullable String tag) {
        return groups.computeIfAbsent(tag == null ? "" : tag, added -> new ClientCounters());
    }

    /** Counts the outcomes of the requests of those clients, made if there is none. The worker's thread. */
    Outcomes outcomes(@Nullable String tag) {
        return outcomes.computeIfAbsent(tag == null ? "" : tag, added -> new Outcomes(worker, group(tag)));
    }

    /** The counters of clients by the tag of their listener; any thread. */
    public Map<String, ClientCounters> groups() {
        return Collections.unmodifiableMap(groups);
    }

    /** The tenant of a connection that has been made, or has got another identity. */
    Tenant connect(Identity identity) {
        return worker.turns().connect(identity.equals(Identity.UNKNOWN) ? "" : IdentityName.bestOf(identity));
    }

    /** The counters of the clients with an identity, made if there are none. */
    IdentityCounters identity(String name) {
        return counted(identities, name, MOST_IDENTITIES, OTHER_IDENTITIES, IdentityCounters::new);
    }

    /** Counts a request that the rule at a place has refused. */
    void refusedBy(RulePlace rule) {
        counted(refusals, rule, MOST_RULES, OTHER_RULES, UserCounter::new).increment();
    }

    /** The counters of one of many; those of the rest once there are too many. */
    private static <K, V> V counted(Map<K, V> counters, K key, int most, K rest, Supplier<V> made) {
        V known = counters.get(key);
        return known != null
                ? known
                : counters.computeIfAbsent(counters.size() < most ? key : rest, added -> made.get());
    }

    /** The requests that rules of access and quotas have refused, by the place of the rule; any thread. */
    public Map<RulePlace, UserCounter> refusals() {
        return Collections.unmodifiableMap(refusals);
    }

    /** The counters of clients by their identity, as far as rules have been applied to them; any thread. */
    public Map<String, IdentityCounters> identities() {
        return Collections.unmodifiableMap(identities);
    }

    ClientContext context() {
        return context;
    }

    /** Notes that a value of that length has passed, to or from a client. */
    void sawLarge(int bytes) {
        if (bytes > LargestReply.LEAST_BYTES) {
            context.largestReply().seen(bytes, System.nanoTime());
        }
    }

    /** Returns the window of a client that has just connected. */
    RequestWindow newWindow() {
        return new RequestWindow(
                context.limits().requestsInFlight(), context.largestReply().bytes(System.nanoTime()));
    }

    ClientSweep sweep() {
        return sweep;
    }

    /** The routes in force, unless the embedded store answers everything. */
    @Nullable
    RouteTable routes() {
        return routes.get();
    }

    InputArena arena() {
        return arena;
    }

    RequestParser parser() {
        return parser;
    }

    // ---- objects to use again ----

    RequestExchange take() {
        return requests.take();
    }

    void give(RequestExchange unused) {
        requests.give(unused);
    }

    KeyExchange takeKey() {
        return keys.take();
    }

    void give(KeyExchange unused) {
        keys.give(unused);
    }

    /** An empty buffer for a reply that has to wait for others. */
    OutputBuffer takeOutput() {
        return outputs.take();
    }

    void giveOutput(OutputBuffer empty) {
        outputs.give(empty);
    }
}
