package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The handles that ask another child when one does not answer well. */
final class FailoverHandles {

    private static final String CHILDREN = McrouterHandle.CHILDREN;
    private static final String ERRORS = "failover_errors";
    private static final String POLICY = "failover_policy";
    private static final String MAX_TRIES = "max_tries";
    private static final Set<String> FAMILIES = Set.of("gets", "updates", "deletes");

    /** {@code failover_exptime} of mcrouter. */
    private static final double DEFAULT_EXPTIME = 60;

    /** {@code burst} of {@code failover_limit}. */
    private static final double DEFAULT_BURST = 1000;

    /** The failures after which mcrouter goes on to the next child unless it is told otherwise. */
    private static final List<String> DEFAULT_ERRORS = List.of(
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

    /** The kinds of errors that {@code route_failover} has for those of mcrouter. */
    private static final Map<String, List<String>> KINDS = Map.ofEntries(
            Map.entry("tko", List.of("bad")),
            Map.entry("connect_error", List.of("connect")),
            Map.entry("connect_timeout", List.of("connect")),
            Map.entry("local_error", List.of("full")),
            Map.entry("timeout", List.of("timeout")),
            Map.entry("remote_error", List.of("lost", "server_error")),
            Map.entry("busy", List.of("server_error")),
            Map.entry("shutdown", List.of("server_error")),
            Map.entry("try_again", List.of("server_error")),
            Map.entry("client_error", List.of("client_error")));

    /** Errors of mcrouter that nothing here is an example of. */
    private static final Set<String> UNKNOWN_HERE = Set.of(
            "deadline_exceeded",
            "ooo",
            "unknown",
            "bad_key",
            "bad_value",
            "bad_command",
            "bad_flags",
            "bad_exptime",
            "bad_lease_id",
            "bad_cas_id",
            "aborted",
            "permission_denied",
            "hot_key",
            "overloaded");

    /** The order in which they are written. */
    private static final List<String> ORDER =
            List.of("bad", "connect", "full", "timeout", "lost", "server_error", "client_error");

    static final List<Kind> ALL = List.of(
            Kind.of(
                    "FailoverRoute",
                    handle -> failover(handle, handle.children()),
                    CHILDREN,
                    ERRORS,
                    "failover_tag",
                    "failover_limit",
                    POLICY,
                    "enable_lease_pairing"),
            Kind.of(
                    "FailoverWithExptimeRoute",
                    FailoverHandles::withExptime,
                    "normal",
                    "failover",
                    "failover_exptime",
                    ERRORS,
                    "failover_tag",
                    "failover_limit",
                    POLICY,
                    "enable_lease_pairing"),
            Kind.of("MissFailoverRoute", FailoverHandles::onMiss, CHILDREN, "return_best_on_error"));

    private FailoverHandles() {}

    private static Object failover(McrouterHandle handle, List<Object> children) {
        if (children.isEmpty()) {
            return McrouterRoutes.call("route_null");
        }
        Report report = handle.report();
        List<String> kinds = kinds(handle);
        for (String key : List.of("failover_tag", "enable_lease_pairing")) {
            handle.get(key).ifPresent(node -> report.missing(node.line(), key, "has no counterpart"));
        }
        if (kinds.isEmpty() || children.size() == 1) {
            return children.getFirst();
        }
        report.exact(handle.line(), handle.type(), "route_failover");
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(CHILDREN, handle.pools().list(children));
        arguments.put("errors", kinds);
        limit(handle, arguments);
        policy(handle, children.size(), arguments);
        return new Lua.Call("route_failover", arguments);
    }

    /** The kinds of errors after which the next child is asked. */
    private static List<String> kinds(McrouterHandle handle) {
        Report report = handle.report();
        if (handle.get(ERRORS).orElse(null) instanceof Fields byFamily) {
            report.unknown(ERRORS + ".", byFamily, FAMILIES);
            byFamily.fields().values().forEach(FailoverHandles::errors);
        }
        Optional<Node> list = handle.get(ERRORS)
                .flatMap(node -> node instanceof Fields byFamily
                        ? byFamily.get(handle.command().family())
                        : handle.command().family().isEmpty() ? Optional.empty() : Optional.of(node));
        List<String> errors = list.map(FailoverHandles::errors).orElse(DEFAULT_ERRORS);
        Set<String> kinds = new TreeSet<>(Comparator.comparing(ORDER::indexOf));
        errors.forEach(error -> kinds.addAll(KINDS.getOrDefault(error, List.of())));
        if (list.isPresent()) {
            String family = " for " + handle.command().family();
            List<String> dropped =
                    errors.stream().filter(UNKNOWN_HERE::contains).toList();
            String outcome = kinds.isEmpty() ? "the first child alone" : "errors = " + String.join(", ", kinds);
            if (!dropped.isEmpty()) {
                report.nearly(
                        handle.line(ERRORS),
                        ERRORS + family,
                        outcome + "; no error here is " + String.join(" or ", dropped));
            } else {
                report.exact(handle.line(ERRORS), ERRORS + (kinds.isEmpty() ? ": none" : "") + family, outcome);
            }
            if (errors.contains("connect_error") != errors.contains("connect_timeout")) {
                report.nearly(
                        handle.line(ERRORS),
                        ERRORS + family,
                        "connect stands for connect_error and connect_timeout, of which only one is there");
            }
            if (kinds.contains("server_error") && !errors.contains("remote_error")) {
                report.nearly(
                        handle.line(ERRORS), ERRORS + family, "server_error stands for every SERVER_ERROR of a server");
            }
        }
        return List.copyOf(kinds);
    }

    /** @throws ImportException if one of them is no error of mcrouter's */
    private static List<String> errors(Node list) {
        if (!(list instanceof Items items)) {
            throw new ImportException(list.line(), ERRORS + ": expected a list, got " + list.kind());
        }
        List<String> errors = new ArrayList<>();
        for (Node item : items.items()) {
            String error = item.asText().orElse("");
            if (!KINDS.containsKey(error) && !UNKNOWN_HERE.contains(error)) {
                throw new ImportException(item.line(), ERRORS + ": there is no error " + item.kind());
            }
            errors.add(error);
        }
        return errors;
    }

    private static void limit(McrouterHandle handle, Map<String, Object> arguments) {
        Fields limit = handle.fields().object("failover_limit").orElse(null);
        if (limit == null) {
            return;
        }
        handle.report().unknown("failover_limit.", limit, Set.of("rate", "burst"));
        double rate = McrouterHandle.number(limit, "rate")
                .orElseThrow(() -> new ImportException(limit.line(), "failover_limit: needs \"rate\""));
        arguments.put("failover_rate", Math.clamp(rate, 0, 1));
        arguments.put(
                "failover_burst",
                Math.max(1, McrouterHandle.number(limit, "burst").orElse(DEFAULT_BURST)));
        handle.report().exact(limit.line(), "failover_limit", "failover_rate and failover_burst, for each worker");
    }

    /** Adds in which order a policy asks children, and how many at most. */
    private static void policy(McrouterHandle handle, int children, Map<String, Object> arguments) {
        Fields policy = handle.fields().object(POLICY).orElse(null);
        if (policy == null) {
            return;
        }
        handle.report().unknown(POLICY + ".", policy, Set.of("type", MAX_TRIES));
        String type =
                policy.text("type").orElseThrow(() -> new ImportException(policy.line(), POLICY + ": needs \"type\""));
        String setting = POLICY + ": " + type;
        Report report = handle.report();
        switch (type) {
            case "InOrderPolicy" -> {
                report.exact(policy.line(), setting, "in order");
                policy.get(MAX_TRIES)
                        .ifPresent(tries -> report.exact(
                                tries.line(),
                                MAX_TRIES + ": " + tries.shown(),
                                "without effect in mcrouter if the policy is InOrderPolicy"));
            }
            case "LeastFailuresPolicy" -> {
                report.exact(policy.line(), setting, "fewest_errors, for each worker");
                arguments.put("fewest_errors", true);
                McrouterHandle.required(policy, MAX_TRIES, POLICY);
                tries(handle, policy, children, arguments);
            }
            default -> {
                report.nearly(policy.line(), setting, "children are asked in the order in which they stand");
                tries(handle, policy, children, arguments);
            }
        }
    }

    private static void tries(McrouterHandle handle, Fields policy, int children, Map<String, Object> arguments) {
        McrouterHandle.number(policy, MAX_TRIES).map(Double::intValue).ifPresent(count -> {
            Node given = McrouterHandle.required(policy, MAX_TRIES, POLICY);
            if (count < 1) {
                throw new ImportException(given.line(), MAX_TRIES + ": expected 1 or more, got " + given.kind());
            }
            handle.report().exact(given.line(), MAX_TRIES + ": " + count, "failover_count");
            if (count < children) {
                arguments.put("failover_count", count);
            }
        });
    }

    private static Object withExptime(McrouterHandle handle) {
        double exptime = handle.number("failover_exptime").orElse(DEFAULT_EXPTIME);
        handle.get("failover_exptime")
                .ifPresent(node -> handle.report()
                        .exact(
                                node.line(),
                                "failover_exptime: " + node.shown(),
                                "route_ttl, for the children after the first"));
        List<Object> children = new ArrayList<>();
        children.add(handle.routes().single(handle.required("normal")));
        handle.get("failover")
                .ifPresent(list -> handle.routes()
                        .several(list)
                        .forEach(child -> children.add(
                                exptime > 0 ? ChangeHandles.withTtl(handle, child, (long) exptime, true) : child)));
        return failover(handle, children);
    }

    private static Object onMiss(McrouterHandle handle) {
        List<Object> children = handle.children();
        McrouterCommand command = handle.command();
        if (children.isEmpty()) {
            return McrouterRoutes.call("route_null");
        }
        if (!command.reads() && !command.deletes() || children.size() == 1) {
            return children.getFirst();
        }
        if (handle.fields().flag("return_best_on_error", false)) {
            handle.report().exact(handle.line(), handle.type(), "route_failover with miss and not_found");
        } else {
            handle.report()
                    .nearly(
                            handle.line(),
                            handle.type(),
                            "route_failover with miss and not_found; where one child misses and a later one fails,"
                                    + " clients get the miss, in mcrouter the error");
        }
        return McrouterRoutes.call(
                "route_failover",
                CHILDREN,
                handle.pools().list(children),
                command.reads() ? "miss" : "not_found",
                true);
    }
}
