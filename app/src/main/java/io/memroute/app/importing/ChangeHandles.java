package io.memroute.app.importing;

import io.memroute.app.importing.McrouterCommand.Kind;
import java.util.List;
import java.util.Optional;

/** The handles that change a request on its way: its key or its time to live. */
final class ChangeHandles {

    static final List<McrouterHandle.Kind> ALL = List.of(
            McrouterHandle.Kind.of(
                    "ModifyKeyRoute",
                    ChangeHandles::key,
                    McrouterHandle.TARGET,
                    "set_routing_prefix",
                    "ensure_key_prefix",
                    "replace_key_prefix",
                    "set_key_suffix",
                    "modify_inplace"),
            McrouterHandle.Kind.of(
                    "ModifyExptimeRoute", ChangeHandles::exptime, McrouterHandle.TARGET, "exptime", "action"));

    private ChangeHandles() {}

    private static Object key(McrouterHandle handle) {
        Object child = handle.target();
        Report report = handle.report();
        for (String key : List.of("set_routing_prefix", "set_key_suffix")) {
            handle.get(key)
                    .ifPresent(node -> report.missing(node.line(), key + ": " + node.shown(), "keys stay without it"));
        }
        handle.get("modify_inplace").ifPresent(node -> report.exact(node.line(), "modify_inplace", "so it is"));
        Optional<String> ensured = handle.text("ensure_key_prefix").filter(text -> !text.isEmpty());
        Optional<String> replaced = handle.text("replace_key_prefix").filter(text -> !text.isEmpty());
        if (replaced.isPresent()) {
            report.nearly(
                    handle.line("replace_key_prefix"),
                    "replace_key_prefix: " + replaced.get(),
                    "route_prefix puts the other prefix in front of all keys, also of those that have it already");
            return ensured.isPresent()
                    ? McrouterRoutes.call(
                            "route_prefix", "child", child, "strip", replaced.get(), "add", ensured.get())
                    : McrouterRoutes.call("route_prefix", "child", child, "strip", replaced.get());
        }
        if (ensured.isPresent()) {
            report.exact(
                    handle.line("ensure_key_prefix"),
                    "ensure_key_prefix: " + ensured.get(),
                    "route_prefix with the same strip and add");
            return McrouterRoutes.call("route_prefix", "child", child, "strip", ensured.get(), "add", ensured.get());
        }
        return child;
    }

    private static Object exptime(McrouterHandle handle) {
        Object child = handle.target();
        boolean shorten = handle.text("action").filter("min"::equals).isPresent();
        long exptime = handle.number("exptime")
                .orElseThrow(() -> new ImportException(handle.line(), handle.type() + ": needs \"exptime\""))
                .longValue();
        if (shorten && exptime == 0) {
            handle.report().exact(handle.line(), handle.type(), "0 with min shortens nothing");
            return child;
        }
        return withTtl(handle, child, exptime, shorten && exptime > 0);
    }

    /** The child, with another time to live where the command has one. */
    static Object withTtl(McrouterHandle handle, Object child, long seconds, boolean shorten) {
        handle.report()
                .nearly(
                        handle.line(),
                        handle.type(),
                        "route_ttl, for set, add, cas and ms; replace, touch and gat keep their own times");
        if (handle.command().kind() != Kind.STORE) {
            return child;
        }
        return shorten
                ? McrouterRoutes.call("route_ttl", "ttl", seconds, "shorten", true, "child", child)
                : McrouterRoutes.call("route_ttl", "ttl", seconds, "child", child);
    }
}
