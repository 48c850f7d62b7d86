package io.memroute.app.importing;

import io.memroute.app.importing.McrouterCommand.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        handle.get("set_routing_prefix").ifPresent(node -> {
            if (handle.pools().keepRoutingPrefixes()) {
                report.missing(node.line(), "set_routing_prefix: " + node.shown(), "servers get keys without it");
            } else {
                report.exact(
                        node.line(), "set_routing_prefix: " + node.shown(), "servers get no routing prefixes anyway");
            }
        });
        handle.get("modify_inplace").ifPresent(node -> {
            if (handle.fields().flag("modify_inplace", false)) {
                report.missing(
                        node.line(), "modify_inplace: true", "the prefix is put in front, not over the first bytes");
            } else {
                report.exact(node.line(), "modify_inplace: false", "so it is");
            }
        });
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("child", child);
        Optional<String> ensured = part(handle, "ensure_key_prefix", "add");
        Optional<String> replaced = part(handle, "replace_key_prefix", "strip");
        Optional<String> suffix = part(handle, "set_key_suffix", "suffix");
        replaced.ifPresent(text -> arguments.put("strip", text));
        ensured.ifPresent(text -> {
            arguments.put("add", text);
            arguments.put("ensure", true);
        });
        suffix.ifPresent(text -> arguments.put("suffix", text));
        return arguments.size() == 1 ? child : new Lua.Call("route_prefix", arguments);
    }

    /** The text of a key, unless it is empty. */
    private static Optional<String> part(McrouterHandle handle, String key, String argument) {
        Optional<String> text = handle.text(key).filter(some -> !some.isEmpty());
        text.ifPresent(some ->
                handle.report().exact(handle.line(key), key + ": " + some, "route_prefix, its argument " + argument));
        return text;
    }

    private static Object exptime(McrouterHandle handle) {
        Object child = handle.target();
        String action = handle.text("action").orElse("set");
        boolean shorten = action.equals("min");
        if (!shorten && !action.equals("set")) {
            throw new ImportException(
                    handle.line("action"), handle.type() + ": action: expected set or min, got \"" + action + "\"");
        }
        double given = handle.number("exptime")
                .orElseThrow(() -> new ImportException(handle.line(), handle.type() + ": needs \"exptime\""));
        // Every time in the past is as good as -1.
        long exptime = Math.clamp((long) given, -1, Integer.MAX_VALUE);
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
