package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import io.memroute.app.importing.Node.Fields;
import java.util.ArrayList;
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

    /** {@code failover_exptime} of mcrouter. */
    private static final double DEFAULT_EXPTIME = 60;

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

    static final List<Kind> ALL = List.of(
            Kind.of(
                    "FailoverRoute",
                    handle -> failover(handle, handle.children()),
                    CHILDREN,
                    ERRORS,
                    "failover_tag",
                    "failover_limit",
                    "failover_policy",
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
                    "failover_policy",
                    "enable_lease_pairing"),
            Kind.of("MissFailoverRoute", FailoverHandles::onMiss, CHILDREN, "return_best_on_error"));

    private FailoverHandles() {}

    private static Object failover(McrouterHandle handle, List<Object> children) {
        if (children.isEmpty()) {
            return McrouterRoutes.call("route_null");
        }
        Report report = handle.report();
        List<String> errors = new ArrayList<>();
        Optional<Node> list = handle.get(ERRORS)
                .flatMap(node -> node instanceof Fields byFamily
                        ? byFamily.get(handle.command().family())
                        : Optional.of(node));
        list.ifPresent(
                node -> node.asList().forEach(error -> errors.add(error.asText().orElse(""))));
        if (list.isPresent() && errors.isEmpty()) {
            report.exact(
                    handle.line(ERRORS),
                    "failover_errors: none for " + handle.command().family(),
                    "the first child alone");
            return children.getFirst();
        }
        if (list.isPresent()) {
            Set<String> left = new TreeSet<>(DEFAULT_ERRORS);
            errors.forEach(left::remove);
            if (left.isEmpty()) {
                report.exact(handle.line(ERRORS), ERRORS, "every error");
            } else {
                report.nearly(
                        handle.line(ERRORS),
                        ERRORS,
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
        report.exact(handle.line(), handle.type(), "route_failover");
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(CHILDREN, handle.pools().list(children));
        policy(handle, children.size()).ifPresent(count -> arguments.put("failover_count", count));
        return children.size() == 1 ? children.getFirst() : new Lua.Call("route_failover", arguments);
    }

    /** Returns how many children a policy asks at most. */
    private static Optional<Integer> policy(McrouterHandle handle, int children) {
        if (!(handle.get("failover_policy").orElse(null) instanceof Fields policy)) {
            return Optional.empty();
        }
        String type = policy.text("type").orElse("InOrderPolicy");
        String setting = "failover_policy: " + type;
        if (type.equals("InOrderPolicy")) {
            handle.report().exact(policy.line(), setting, "in order");
            return Optional.empty();
        }
        handle.report().nearly(policy.line(), setting, "children are asked in the order in which they stand");
        return McrouterHandle.number(policy, "max_tries")
                .map(Double::intValue)
                .filter(count -> count > 0 && count < children);
    }

    private static Object withExptime(McrouterHandle handle) {
        double exptime = handle.number("failover_exptime").orElse(DEFAULT_EXPTIME);
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
        if (McrouterPools.flag(handle.fields(), "return_best_on_error", false)) {
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
