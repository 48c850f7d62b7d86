package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import io.memroute.app.importing.Node.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The handles that pick a route by what is to be done, or by the beginning of the key. */
final class SelectorHandles {

    static final List<Kind> ALL = List.of(
            Kind.of("OperationSelectorRoute", SelectorHandles::byOperation, "default_policy", "operation_policies"),
            Kind.of("PrefixPolicyRoute", SelectorHandles::byOperation, "default_policy", "operation_policies"),
            Kind.of("PrefixSelectorRoute", SelectorHandles::byPrefix, "policies", "wildcard"));

    private SelectorHandles() {}

    private static Object byOperation(McrouterHandle handle) {
        Fields policies = handle.fields().object("operation_policies").orElse(new Fields(Map.of(), handle.line()));
        policies.fields().forEach((operation, policy) -> {
            String setting = handle.type() + ": " + operation;
            if (McrouterCommand.ALL.stream().anyMatch(each -> each.operation().equals(operation))) {
                handle.report().exact(policy.line(), setting, "cmap");
            } else {
                handle.report()
                        .missing(
                                policy.line(),
                                setting,
                                operation.startsWith("lease")
                                        ? "clients have no leases here"
                                        : "is not routed; the setting allow_flush_all has it sent to all servers");
            }
        });
        return policies.get(handle.command().operation())
                .or(() -> handle.get("default_policy"))
                .map(handle.routes()::single)
                .orElseGet(() -> McrouterRoutes.call("route_null"));
    }

    private static Object byPrefix(McrouterHandle handle) {
        McrouterRoutes routes = handle.routes();
        Map<String, Object> children = new LinkedHashMap<>();
        handle.fields()
                .object("policies")
                .ifPresent(policies ->
                        policies.fields().forEach((prefix, policy) -> children.put(prefix, routes.single(policy))));
        handle.report().exact(handle.line(), handle.type(), "route_prefixes");
        Optional<Object> wildcard = handle.get("wildcard").map(routes::single);
        if (wildcard.isEmpty()) {
            handle.report().exact(handle.line(), "no wildcard", "keys without a prefix of the list fail");
        }
        Object others = Optional.ofNullable(children.remove(""))
                .or(() -> wildcard)
                .orElseGet(() -> handle.pools().down(handle.line()));
        return children.isEmpty()
                ? others
                : McrouterRoutes.call("route_prefixes", McrouterHandle.CHILDREN, children, "default", others);
    }
}
