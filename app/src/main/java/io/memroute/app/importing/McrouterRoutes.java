package io.memroute.app.importing;

import io.memroute.app.importing.McrouterCommand.Kind;
import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import io.memroute.app.importing.Node.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates mcrouter's route handles for one command at a time: many of them mean something else for gets than for
 * deletes. A child is the name of a pool or the call of a handler.
 */
final class McrouterRoutes {

    /** More than this is a name that stands for itself. */
    private static final int DEEPEST = 100;

    private static final String CHILDREN = "children";
    private static final String TARGET = "target";
    private static final String SHADOWS = "shadows";

    /** The failures after which mcrouter goes on to the next child unless it is told otherwise. */
    private static final Set<String> DEFAULT_ERRORS = Set.of(
            "busy",
            "shutdown",
            "tko",
            "try_again",
            "local_error",
            "connect_error",
            "connect_timeout",
            "timeout",
            "remote_error",
            "deadline_exceeded");

    /** Keys of every handle. */
    private static final Set<String> COMMON = Set.of("type", "name");

    /** The keys of a handle that are looked at here. */
    private static final Map<String, Set<String>> KEYS = Map.ofEntries(
            Map.entry(
                    "PoolRoute",
                    Set.of(
                            "pool",
                            "hash",
                            SHADOWS,
                            "rates",
                            "max_outstanding",
                            "asynclog",
                            "shadow_policy",
                            "slow_warmup",
                            "shard_splits",
                            "bucketize")),
            Map.entry("HashRoute", Set.of(CHILDREN, "hash_func", "salt", "weights", "tags")),
            Map.entry("AllSyncRoute", Set.of(CHILDREN)),
            Map.entry("AllAsyncRoute", Set.of(CHILDREN)),
            Map.entry("AllInitialRoute", Set.of(CHILDREN)),
            Map.entry("AllFastestRoute", Set.of(CHILDREN)),
            Map.entry("AllMajorityRoute", Set.of(CHILDREN)),
            Map.entry("RandomRoute", Set.of(CHILDREN)),
            Map.entry(
                    "FailoverRoute",
                    Set.of(
                            CHILDREN,
                            "failover_errors",
                            "failover_tag",
                            "failover_limit",
                            "failover_policy",
                            "enable_lease_pairing")),
            Map.entry("MissFailoverRoute", Set.of(CHILDREN, "return_best_on_error")),
            Map.entry(
                    "FailoverWithExptimeRoute",
                    Set.of(
                            "normal",
                            "failover",
                            "failover_exptime",
                            "failover_errors",
                            "failover_tag",
                            "failover_limit",
                            "failover_policy",
                            "enable_lease_pairing")),
            Map.entry("LatestRoute", Set.of(CHILDREN, "failover_count", "weights", "salt", "thread_local_failover")),
            Map.entry("HostIdRoute", Set.of(CHILDREN, "salt")),
            Map.entry("OperationSelectorRoute", Set.of("default_policy", "operation_policies")),
            Map.entry("PrefixPolicyRoute", Set.of("default_policy", "operation_policies")),
            Map.entry("PrefixSelectorRoute", Set.of("policies", "wildcard")),
            Map.entry(
                    "ModifyKeyRoute",
                    Set.of(
                            TARGET,
                            "set_routing_prefix",
                            "ensure_key_prefix",
                            "replace_key_prefix",
                            "set_key_suffix",
                            "modify_inplace")),
            Map.entry("ModifyExptimeRoute", Set.of(TARGET, "exptime", "action")),
            Map.entry("WarmUpRoute", Set.of("cold", "warm", "exptime", "enable_metaget")),
            Map.entry("MigrateRoute", Set.of("from", "to", "start_time", "interval")),
            Map.entry("RateLimitRoute", Set.of(TARGET, "fallback", "rates")),
            Map.entry("ShadowRoute", Set.of(CHILDREN, "child", SHADOWS, "shadow_policy")),
            Map.entry("LoggingRoute", Set.of(TARGET)),
            Map.entry("ErrorRoute", Set.of("response")),
            Map.entry("NullRoute", Set.of()),
            Map.entry("DevNullRoute", Set.of()),
            Map.entry("Pool", Set.of("pool")));

    private final McrouterPools pools;
    private final Report report;
    private final Map<String, Node> named = new HashMap<>();
    private final McrouterCommand command;
    private int depth;

    /** @param roots where handles with names are: later texts may be these names */
    McrouterRoutes(McrouterPools pools, Report report, List<Node> roots, McrouterCommand command) {
        this.pools = pools;
        this.report = report;
        this.command = command;
        roots.forEach(this::collectNames);
    }

    private void collectNames(Node node) {
        switch (node) {
            case Fields fields -> {
                if (fields.get("type").isPresent()) {
                    fields.text("name").ifPresent(name -> named.putIfAbsent(name, fields.without("name")));
                }
                fields.fields().values().forEach(this::collectNames);
            }
            case Items items -> items.items().forEach(this::collectNames);
            case Scalar text -> {}
        }
    }

    /** Adds a handle under a name that is not its own. */
    void name(String name, Node handle) {
        named.putIfAbsent(name, handle);
    }

    /** The one route that stands somewhere. */
    Object single(Node node) {
        List<Object> all = several(node);
        if (all.size() != 1) {
            throw new ImportException(node.line(), "expected one route, got " + all.size());
        }
        return all.getFirst();
    }

    private List<Object> several(Node node) {
        if (++depth > DEEPEST) {
            throw new ImportException(node.line(), node.shown() + ": nested too deeply; a route is its own child");
        }
        try {
            return switch (node) {
                case Items list ->
                    list.items().stream()
                            .flatMap(item -> several(item).stream())
                            .toList();
                case Scalar text -> ofText(text);
                case Fields object -> {
                    String type = object.text("type")
                            .orElseThrow(() -> new ImportException(object.line(), "a route needs \"type\""));
                    reportUnknown(type, object);
                    yield of(type, object);
                }
            };
        } finally {
            depth--;
        }
    }

    private void reportUnknown(String type, Fields object) {
        Set<String> known = KEYS.get(type);
        if (known == null) {
            return;
        }
        object.fields().forEach((key, value) -> {
            if (!known.contains(key) && !COMMON.contains(key)) {
                report.missing(value.line(), type + "." + key, "is not known here, and has no effect");
            }
        });
    }

    /** A name, {@code TYPE}, or {@code TYPE|REST}. */
    private List<Object> ofText(Scalar text) {
        if (text.text().isEmpty()) {
            return List.of();
        }
        Node handle = named.get(text.text());
        if (handle != null) {
            return several(handle);
        }
        int bar = text.text().indexOf('|');
        String type = bar < 0 ? text.text() : text.text().substring(0, bar);
        if (bar < 0 && !KEYS.containsKey(type)) {
            throw new ImportException(text.line(), "there is no route \"" + text.text() + "\"");
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        if (bar >= 0) {
            Scalar rest = new Scalar(text.text().substring(bar + 1), true, text.line());
            for (String key : List.of(CHILDREN, TARGET, "pool", "response")) {
                fields.put(key, rest);
            }
        }
        return of(type, new Fields(fields, text.line()));
    }

    private List<Object> of(String type, Fields handle) {
        int line = handle.line();
        return switch (type) {
            case "PoolRoute" -> List.of(pool(handle));
            case "Pool" -> pools.oneByOne(pools.find(required(handle, "pool", type)));
            case "HashRoute" -> List.of(hash(handle));
            case "AllSyncRoute" ->
                List.of(all(
                        handle,
                        type,
                        "route_allsync",
                        Optional.of("the first error, else the last child's reply; mcrouter's is the worst")));
            case "AllAsyncRoute" -> List.of(all(handle, type, "route_allasync", Optional.empty()));
            case "AllFastestRoute" -> List.of(all(handle, type, "route_allfastest", Optional.empty()));
            case "AllMajorityRoute" -> List.of(all(handle, type, "route_majority", Optional.empty()));
            case "RandomRoute" -> List.of(all(handle, type, "route_random", Optional.empty()));
            case "AllInitialRoute" -> List.of(initial(handle));
            case "FailoverRoute" -> List.of(failover(handle, type, several(required(handle, CHILDREN, type))));
            case "FailoverWithExptimeRoute" -> List.of(failoverWithExptime(handle));
            case "MissFailoverRoute" -> List.of(missFailover(handle));
            case "LatestRoute", "HostIdRoute" -> List.of(latest(handle, type));
            case "OperationSelectorRoute", "PrefixPolicyRoute" -> List.of(byOperation(handle, type));
            case "PrefixSelectorRoute" -> List.of(byPrefix(handle));
            case "ModifyKeyRoute" -> List.of(modifyKey(handle));
            case "ModifyExptimeRoute" -> List.of(modifyExptime(handle));
            case "WarmUpRoute" -> List.of(warmUp(handle));
            case "MigrateRoute" -> List.of(migrate(handle));
            case "RateLimitRoute" -> List.of(rateLimit(handle));
            case "ShadowRoute" -> shadowed(handle);
            case "LoggingRoute" -> {
                report.missing(line, type, "requests are not logged; watch proxyreqs shows them");
                yield List.of(target(handle, type));
            }
            case "ErrorRoute" -> {
                report.nearly(line, type, "requests fail with SERVER_ERROR backend failure, whatever its text is");
                yield List.of(pools.down(line));
            }
            case "NullRoute", "DevNullRoute" -> {
                report.exact(line, type, "route_null");
                yield List.of(call("route_null"));
            }
            default -> List.of(unsupported(handle, type));
        };
    }

    private Object unsupported(Fields handle, String type) {
        if (!type.endsWith("Route")) {
            throw new ImportException(handle.line(), "mcrouter has no route \"" + type + "\"");
        }
        if (handle.get(TARGET).isPresent()) {
            report.missing(handle.line(), type, "has no counterpart; requests go to its target");
            return single(handle.get(TARGET).get());
        }
        report.missing(handle.line(), type, "has no counterpart: requests that get here fail");
        return pools.down(handle.line());
    }

    private Object pool(Fields handle) {
        McrouterPools.Source pool = pools.find(required(handle, "pool", "PoolRoute"));
        Object child;
        if (pool.servers().isEmpty() && !pools.failsWhenEmpty(pool)) {
            report.exact(pool.line(), pool.name(), "an empty pool: route_null");
            child = call("route_null");
        } else if (pool.hasRoutes()) {
            child = hashed(
                    several(new Items(pool.servers(), pool.line())),
                    McrouterHash.of(pool.fields(), handle.get("hash"), handle.line()),
                    handle.line());
        } else {
            child = pools.hashed(pool, McrouterHash.of(pool.fields(), handle.get("hash"), handle.line()));
        }
        report.exact(handle.line(), "PoolRoute " + pool.name(), "the pool");
        for (String key : List.of("max_outstanding", "shadow_policy", "slow_warmup", "shard_splits", "bucketize")) {
            handle.get(key)
                    .ifPresent(node -> report.missing(
                            node.line(),
                            key + ": " + node.shown(),
                            key.equals("max_outstanding")
                                    ? "requests do not wait for their turn; the setting backend_depth_limit refuses"
                                            + " those that are too many"
                                    : "has no counterpart"));
        }
        handle.get("asynclog").ifPresent(node -> {
            if (McrouterPools.flag(handle, "asynclog", true)) {
                report.missing(node.line(), "asynclog: true", "deletes that fail are not written to a file");
            } else {
                report.exact(node.line(), "asynclog: false", "so it is");
            }
        });
        if (handle.get("rates").orElse(null) instanceof Fields rates) {
            child = limited(child, rates, Optional.empty());
        }
        return shadows(handle, child, pool.servers().size());
    }

    private Object hash(Fields handle) {
        return hashed(
                several(required(handle, CHILDREN, "HashRoute")),
                McrouterHash.of(
                        new Fields(Map.of(), handle.line()), Optional.of(handle.without(CHILDREN)), handle.line()),
                handle.line());
    }

    private Object hashed(List<Object> children, McrouterHash hash, int line) {
        if (children.isEmpty()) {
            report.exact(line, "no children", "requests fail");
            return pools.down(line);
        }
        if (children.size() == 1) {
            return children.getFirst();
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(CHILDREN, pools.list(children));
        if (hash.isWeighted() || hash.tag(0).isPresent()) {
            report.missing(
                    line,
                    "HashRoute with " + hash.function(),
                    "route_hash has no weights and tags: keys are placed by Ch3, on other children than before");
            arguments.putAll(McrouterHash.plain(hash.salt()).options());
        } else {
            arguments.putAll(hash.options());
            hash.report(report, line);
        }
        return new Lua.Call("route_hash", arguments);
    }

    private Object all(Fields handle, String type, String handler, Optional<String> difference) {
        List<Object> children = several(required(handle, CHILDREN, type));
        difference.ifPresentOrElse(
                text -> report.nearly(handle.line(), type, handler + " answers with " + text),
                () -> report.exact(handle.line(), type, handler));
        return children.isEmpty()
                ? call("route_null")
                : children.size() == 1 && !handler.equals("route_allasync")
                        ? children.getFirst()
                        : call(handler, CHILDREN, pools.list(children));
    }

    private Object initial(Fields handle) {
        List<Object> children = several(required(handle, CHILDREN, "AllInitialRoute"));
        report.exact(handle.line(), "AllInitialRoute", "route_split");
        if (children.size() < 2) {
            return children.isEmpty() ? call("route_null") : children.getFirst();
        }
        List<Object> others = children.subList(1, children.size());
        return call(
                "route_split",
                "child_a",
                children.getFirst(),
                "child_b",
                others.size() == 1 ? others.getFirst() : call("route_allasync", CHILDREN, pools.list(others)));
    }

    private Object failover(Fields handle, String type, List<Object> children) {
        if (children.isEmpty()) {
            return call("route_null");
        }
        List<String> errors = new ArrayList<>();
        Optional<Node> list = handle.get("failover_errors")
                .flatMap(node -> node instanceof Fields byFamily ? byFamily.get(command.family()) : Optional.of(node));
        boolean given = list.isPresent();
        list.ifPresent(
                node -> node.asList().forEach(error -> errors.add(error.asText().orElse(""))));
        if (given && errors.isEmpty()) {
            report.exact(
                    McrouterPools.line(handle, "failover_errors"),
                    "failover_errors: none for " + command.family(),
                    "the first child alone");
            return children.getFirst();
        }
        if (given) {
            Set<String> left = new TreeSet<>(DEFAULT_ERRORS);
            errors.forEach(left::remove);
            if (left.isEmpty()) {
                report.exact(McrouterPools.line(handle, "failover_errors"), "failover_errors", "every error");
            } else {
                report.nearly(
                        McrouterPools.line(handle, "failover_errors"),
                        "failover_errors",
                        "route_failover goes on after every error, so after these too: " + String.join(", ", left));
            }
        }
        handle.get("failover_limit")
                .ifPresent(node -> report.missing(
                        node.line(),
                        "failover_limit",
                        "failovers are not limited; a server that is down is asked by"
                                + " nobody, and stats = true counts them"));
        for (String key : List.of("failover_tag", "enable_lease_pairing")) {
            handle.get(key).ifPresent(node -> report.missing(node.line(), key, "has no counterpart"));
        }
        report.exact(handle.line(), type, "route_failover");
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(CHILDREN, pools.list(children));
        policy(handle, children.size()).ifPresent(count -> arguments.put("failover_count", count));
        return children.size() == 1 ? children.getFirst() : new Lua.Call("route_failover", arguments);
    }

    /** Returns how many children a policy asks at most. */
    private Optional<Integer> policy(Fields handle, int children) {
        if (!(handle.get("failover_policy").orElse(null) instanceof Fields policy)) {
            return Optional.empty();
        }
        String type = policy.text("type").orElse("InOrderPolicy");
        if (type.equals("InOrderPolicy")) {
            report.exact(policy.line(), "failover_policy: " + type, "in order");
            return Optional.empty();
        }
        report.nearly(policy.line(), "failover_policy: " + type, "children are asked in the order in which they stand");
        return number(policy, "max_tries").map(Double::intValue).filter(count -> count > 0 && count < children);
    }

    private Object failoverWithExptime(Fields handle) {
        String type = "FailoverWithExptimeRoute";
        double exptime = number(handle, "failover_exptime").orElse(60.0);
        List<Object> children = new ArrayList<>();
        children.add(single(required(handle, "normal", type)));
        handle.get("failover")
                .ifPresent(list -> several(list)
                        .forEach(child -> children.add(
                                exptime > 0 ? withTtl(handle.line(), type, child, (long) exptime, true) : child)));
        return failover(handle, type, children);
    }

    private Object missFailover(Fields handle) {
        String type = "MissFailoverRoute";
        List<Object> children = several(required(handle, CHILDREN, type));
        if (children.isEmpty()) {
            return call("route_null");
        }
        if (!command.reads() && !command.deletes() || children.size() == 1) {
            return children.getFirst();
        }
        if (McrouterPools.flag(handle, "return_best_on_error", false)) {
            report.exact(handle.line(), type, "route_failover with miss and not_found");
        } else {
            report.nearly(
                    handle.line(),
                    type,
                    "route_failover with miss and not_found; where one child misses and a later one fails, clients get"
                            + " the miss, in mcrouter the error");
        }
        return call("route_failover", CHILDREN, pools.list(children), command.reads() ? "miss" : "not_found", true);
    }

    private Object latest(Fields handle, String type) {
        List<Object> children = several(required(handle, CHILDREN, type));
        report.nearly(handle.line(), type, "route_latest: other hosts prefer other children than in mcrouter");
        if (children.size() < 2) {
            return children.isEmpty() ? pools.down(handle.line()) : children.getFirst();
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(CHILDREN, pools.list(children));
        handle.get("weights").ifPresent(list -> {
            List<Object> weights = new ArrayList<>();
            list.asList()
                    .forEach(
                            weight -> weights.add(Double.valueOf(weight.asText().orElse("1"))));
            while (weights.size() < children.size()) {
                weights.add(0.5);
            }
            arguments.put("weights", weights.subList(0, children.size()));
        });
        int count = type.equals("HostIdRoute")
                ? 1
                : number(handle, "failover_count").orElse(5.0).intValue();
        arguments.put("failover_count", Math.max(1, count));
        handle.text("salt").ifPresent(salt -> arguments.put("salt", salt));
        handle.get("thread_local_failover")
                .ifPresent(node -> report.nearly(node.line(), "thread_local_failover", "all workers have one order"));
        return new Lua.Call("route_latest", arguments);
    }

    private Object byOperation(Fields handle, String type) {
        Fields policies = handle.get("operation_policies").orElse(null) instanceof Fields fields
                ? fields
                : new Fields(Map.of(), handle.line());
        policies.fields().forEach((operation, policy) -> {
            if (McrouterCommand.ALL.stream().anyMatch(each -> each.operation().equals(operation))) {
                report.exact(policy.line(), type + ": " + operation, "cmap");
            } else {
                report.missing(
                        policy.line(),
                        type + ": " + operation,
                        operation.startsWith("lease")
                                ? "clients have no leases here"
                                : "is not routed; the setting allow_flush_all has it sent to all servers");
            }
        });
        return policies.get(command.operation())
                .or(() -> handle.get("default_policy"))
                .map(this::single)
                .orElseGet(() -> call("route_null"));
    }

    private Object byPrefix(Fields handle) {
        Map<String, Object> children = new LinkedHashMap<>();
        if (handle.get("policies").orElse(null) instanceof Fields policies) {
            policies.fields().forEach((prefix, policy) -> children.put(prefix, single(policy)));
        }
        report.exact(handle.line(), "PrefixSelectorRoute", "route_prefixes");
        Optional<Object> wildcard = handle.get("wildcard").map(this::single);
        if (wildcard.isEmpty()) {
            report.exact(handle.line(), "no wildcard", "keys without a prefix of the list fail");
        }
        Object others =
                Optional.ofNullable(children.remove("")).or(() -> wildcard).orElseGet(() -> pools.down(handle.line()));
        return children.isEmpty() ? others : call("route_prefixes", CHILDREN, children, "default", others);
    }

    private Object modifyKey(Fields handle) {
        String type = "ModifyKeyRoute";
        Object child = target(handle, type);
        for (String key : List.of("set_routing_prefix", "set_key_suffix")) {
            handle.get(key)
                    .ifPresent(node -> report.missing(node.line(), key + ": " + node.shown(), "keys stay without it"));
        }
        handle.get("modify_inplace").ifPresent(node -> report.exact(node.line(), "modify_inplace", "so it is"));
        Optional<String> ensured = handle.text("ensure_key_prefix").filter(text -> !text.isEmpty());
        Optional<String> replaced = handle.text("replace_key_prefix").filter(text -> !text.isEmpty());
        if (replaced.isPresent()) {
            report.nearly(
                    McrouterPools.line(handle, "replace_key_prefix"),
                    "replace_key_prefix: " + replaced.get(),
                    "route_prefix puts the other prefix in front of all keys, also of those that have it already");
            return ensured.isPresent()
                    ? call("route_prefix", "child", child, "strip", replaced.get(), "add", ensured.get())
                    : call("route_prefix", "child", child, "strip", replaced.get());
        }
        if (ensured.isPresent()) {
            report.exact(
                    McrouterPools.line(handle, "ensure_key_prefix"),
                    "ensure_key_prefix: " + ensured.get(),
                    "route_prefix with the same strip and add");
            return call("route_prefix", "child", child, "strip", ensured.get(), "add", ensured.get());
        }
        return child;
    }

    private Object modifyExptime(Fields handle) {
        String type = "ModifyExptimeRoute";
        Object child = target(handle, type);
        boolean shorten = handle.text("action").filter("min"::equals).isPresent();
        long exptime = number(handle, "exptime")
                .orElseThrow(() -> new ImportException(handle.line(), type + ": needs \"exptime\""))
                .longValue();
        if (shorten && exptime == 0) {
            report.exact(handle.line(), type, "0 with min shortens nothing");
            return child;
        }
        return withTtl(handle.line(), type, child, exptime, shorten && exptime > 0);
    }

    /** The child, with another time to live where the command has one. */
    private Object withTtl(int line, String type, Object child, long seconds, boolean shorten) {
        report.nearly(line, type, "route_ttl, for set, add, cas and ms; replace, touch and gat keep their own times");
        if (command.kind() != Kind.STORE) {
            return child;
        }
        return shorten
                ? call("route_ttl", "ttl", seconds, "shorten", true, "child", child)
                : call("route_ttl", "ttl", seconds, "child", child);
    }

    private Object warmUp(Fields handle) {
        Object cold = single(required(handle, "cold", "WarmUpRoute"));
        Object warm = single(required(handle, "warm", "WarmUpRoute"));
        report.exact(handle.line(), "WarmUpRoute", "route_warm for gets, the cold child alone for all else");
        report.nearly(
                handle.line(),
                "WarmUpRoute: times",
                "what is copied keeps its remaining time, for which warm must be memcached 1.6"
                        + handle.text("exptime")
                                .map(time -> "; exptime " + time + " has no effect")
                                .orElse(""));
        return command.reads() ? call("route_warm", "cold", cold, "warm", warm) : cold;
    }

    private Object migrate(Fields handle) {
        Object from = single(required(handle, "from", "MigrateRoute"));
        Object to = single(required(handle, "to", "MigrateRoute"));
        long start = number(handle, "start_time")
                .orElseThrow(() -> new ImportException(handle.line(), "MigrateRoute: needs \"start_time\""))
                .longValue();
        report.nearly(
                handle.line(),
                "MigrateRoute",
                "route_migrate: each key has another moment within the same time than in mcrouter, so do not let both"
                        + " run while keys move");
        return call(
                "route_migrate",
                "from",
                from,
                "to",
                to,
                "start",
                start,
                "window",
                number(handle, "interval").orElse(3600.0).longValue());
    }

    private Object rateLimit(Fields handle) {
        Object child = target(handle, "RateLimitRoute");
        handle.get("fallback")
                .ifPresent(node -> report.missing(
                        node.line(), "fallback", "requests over the limit are answered as route_null does"));
        return handle.get("rates").orElse(null) instanceof Fields rates
                ? limited(child, rates, Optional.of("RateLimitRoute"))
                : child;
    }

    private Object limited(Object child, Fields rates, Optional<String> type) {
        String family = switch (command.kind()) {
            case GET -> "gets";
            case DELETE -> "deletes";
            case STORE, UPDATE -> "sets";
            case ARITHMETIC, TOUCH -> "";
        };
        Optional<Double> rate = number(rates, family + "_rate").filter(value -> value > 0);
        if (rate.isEmpty()) {
            return child;
        }
        double perSecond = rate.get();
        long burst = Math.max(1, Math.round(number(rates, family + "_burst").orElse(perSecond)));
        boolean whole = perSecond >= 1 && perSecond == Math.rint(perSecond);
        String setting = type.orElse("rates") + ": " + family;
        if (whole) {
            report.exact(rates.line(), setting, "route_ratelim, for each worker");
        } else {
            report.nearly(rates.line(), setting, "route_ratelim, for each worker, with whole tokens a tick");
        }
        long fill = whole ? (long) perSecond : perSecond < 1 ? 1 : Math.round(perSecond * 10);
        long tick = whole ? 1000 : perSecond < 1 ? Math.round(1000 / perSecond) : 10_000;
        return call("route_ratelim", "child", child, "limit", burst, "fillrate", fill, "tickrate", tick);
    }

    private List<Object> shadowed(Fields handle) {
        Node children = handle.get(CHILDREN)
                .or(() -> handle.get("child"))
                .or(() -> handle.get(TARGET))
                .orElseThrow(() -> new ImportException(handle.line(), "ShadowRoute: needs \"children\""));
        List<Object> all = several(children);
        return all.stream().map(child -> shadows(handle, child, all.size())).toList();
    }

    private Object shadows(Fields handle, Object child, int servers) {
        Object shadowed = child;
        for (Node shadow : handle.get(SHADOWS).map(Node::asList).orElse(List.of())) {
            if (shadow instanceof Fields fields) {
                shadowed = shadow(fields, shadowed, servers);
            }
        }
        return shadowed;
    }

    private Object shadow(Fields shadow, Object child, int servers) {
        Object target = single(required(shadow, TARGET, "shadows"));
        List<Double> range = numbers(shadow, "key_fraction_range");
        double percent = range.size() == 2 ? 100 * (range.get(1) - range.get(0)) : 100;
        boolean byKey = shadow.get("requests_fraction").isEmpty();
        if (!byKey) {
            percent = 100 * number(shadow, "requests_fraction").orElse(1.0);
        }
        List<Double> places = numbers(shadow, "index_range");
        if (places.size() == 2 && (places.get(0) > 0 || places.get(1) < servers)) {
            report.nearly(
                    McrouterPools.line(shadow, "index_range"),
                    "index_range",
                    "keys of all servers are shadowed, not of some of them");
        }
        for (String key : List.of("key_fraction_range_rv", "keys_to_shadow")) {
            shadow.get(key)
                    .ifPresent(node -> report.missing(node.line(), key, "the share of keys is chosen by percent"));
        }
        report.nearly(shadow.line(), "shadow", "route_shadow: as many keys as in mcrouter, but others");
        if (percent <= 0) {
            return child;
        }
        double rounded = Math.rint(percent * 1e6) / 1e6;
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("child", child);
        arguments.put("shadow", target);
        arguments.put("percent", Math.min(100, rounded));
        if (!byKey) {
            arguments.put("key_sample", false);
        }
        return new Lua.Call("route_shadow", arguments);
    }

    private Object target(Fields handle, String type) {
        return single(required(handle, TARGET, type));
    }

    private static Node required(Fields handle, String key, String type) {
        return handle.get(key).orElseThrow(() -> new ImportException(handle.line(), type + ": needs \"" + key + "\""));
    }

    private static Optional<Double> number(Fields fields, String key) {
        return fields.get(key).map(node -> {
            try {
                return Double.valueOf(node.asText().orElse(""));
            } catch (NumberFormatException e) {
                throw new ImportException(node.line(), key + ": expected a number, got " + node.kind());
            }
        });
    }

    private static List<Double> numbers(Fields fields, String key) {
        List<Double> numbers = new ArrayList<>();
        fields.get(key)
                .ifPresent(node -> node.asList().forEach(each -> {
                    try {
                        numbers.add(Double.valueOf(each.asText().orElse("")));
                    } catch (NumberFormatException e) {
                        throw new ImportException(each.line(), key + ": expected numbers, got " + each.kind());
                    }
                }));
        return numbers;
    }

    /** @param namesAndValues in turn */
    static Lua.Call call(String function, Object... namesAndValues) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Lua.Call(function, arguments);
    }
}
