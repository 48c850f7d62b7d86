package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import io.memroute.app.importing.Node.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The handles that let a part of the requests through, or send a part of them elsewhere as well. */
final class TrafficHandles {

    static final String SHADOWS = "shadows";

    private static final Set<String> SHADOW_KEYS = Set.of(
            McrouterHandle.TARGET,
            "index_range",
            "key_fraction_range",
            "key_fraction_range_rv",
            "requests_fraction",
            "keys_to_shadow");

    private static final Set<String> RATE_KEYS =
            Set.of("gets_rate", "gets_burst", "sets_rate", "sets_burst", "deletes_rate", "deletes_burst");

    private static final int MILLIS = 1000;

    /** The limit of {@code route_ratelim}; no server has as many requests in a second. */
    private static final long MOST_TOKENS = 0xFFFF_FFFFL;

    static final List<Kind> ALL = List.of(
            Kind.of("RateLimitRoute", TrafficHandles::rateLimit, McrouterHandle.TARGET, "fallback", "rates"),
            new Kind(
                    "ShadowRoute",
                    Set.of(McrouterHandle.CHILDREN, "child", McrouterHandle.TARGET, SHADOWS, "shadow_policy"),
                    TrafficHandles::shadowed));

    private TrafficHandles() {}

    private static Object rateLimit(McrouterHandle handle) {
        Object child = handle.target();
        Fields rates = handle.fields().object("rates").orElse(null);
        if (rates == null) {
            return child;
        }
        Object limited = limited(handle, child, rates, handle.type());
        Optional<Node> fallback = handle.get("fallback");
        if (fallback.isEmpty() || !(limited instanceof Lua.Call call) || limited == child) {
            return limited;
        }
        handle.report().exact(fallback.get().line(), "fallback", "gets the requests over the limit");
        Map<String, Object> arguments = new LinkedHashMap<>(call.arguments());
        arguments.put("fallback", handle.routes().single(fallback.get()));
        return new Lua.Call(call.function(), arguments);
    }

    /**
     * A child that gets no more requests than rates allow.
     *
     * @param setting where the rates stand
     */
    static Object limited(McrouterHandle handle, Object child, Fields rates, String setting) {
        handle.report().unknown("rates.", rates, RATE_KEYS);
        String family = switch (handle.command().kind()) {
            case GET -> "gets";
            case DELETE -> "deletes";
            case STORE, UPDATE -> "sets";
            case ARITHMETIC, TOUCH -> "";
        };
        double perSecond = McrouterHandle.number(rates, family + "_rate").orElse(0.0);
        if (perSecond <= 0) {
            return child;
        }
        long burst = Math.clamp(
                Math.round(McrouterHandle.number(rates, family + "_burst").orElse(perSecond)), 1, MOST_TOKENS);
        boolean whole = perSecond >= 1 && perSecond == Math.rint(perSecond);
        if (whole) {
            handle.report().exact(rates.line(), setting + ": " + family, "route_ratelim, for each worker");
        } else {
            handle.report()
                    .nearly(
                            rates.line(),
                            setting + ": " + family,
                            "route_ratelim, for each worker, with whole tokens a tick");
        }
        long fill = whole ? (long) perSecond : perSecond < 1 ? 1 : Math.round(perSecond * 10);
        long tick = whole ? MILLIS : perSecond < 1 ? Math.round(MILLIS / perSecond) : 10 * MILLIS;
        fill = Math.min(fill, MOST_TOKENS);
        tick = Math.min(tick, Integer.MAX_VALUE);
        return McrouterRoutes.call("route_ratelim", "child", child, "limit", burst, "fillrate", fill, "tickrate", tick);
    }

    private static List<Object> shadowed(McrouterHandle handle) {
        Node children = handle.get(McrouterHandle.CHILDREN)
                .or(() -> handle.get("child"))
                .or(() -> handle.get(McrouterHandle.TARGET))
                .orElseThrow(() -> new ImportException(handle.line(), "ShadowRoute: needs \"children\""));
        handle.get("shadow_policy").ifPresent(node -> {
            String setting = "shadow_policy: " + node.shown();
            if (node.shown().equals("default")) {
                handle.report().exact(node.line(), setting, "so it is");
            } else {
                handle.report().missing(node.line(), setting, "has no counterpart");
            }
        });
        List<Object> all = handle.routes().several(children);
        return all.stream().map(child -> shadows(handle, child, all.size())).toList();
    }

    /** A child with the shadows that the handle has. */
    static Object shadows(McrouterHandle handle, Object child, int servers) {
        Object shadowed = child;
        for (Node shadow : handle.get(SHADOWS).map(Node::asList).orElse(List.of())) {
            if (!(shadow instanceof Fields fields)) {
                throw new ImportException(shadow.line(), SHADOWS + ": expected objects, got " + shadow.kind());
            }
            shadowed = shadow(handle, fields, shadowed, servers);
        }
        return shadowed;
    }

    private static Object shadow(McrouterHandle handle, Fields shadow, Object child, int servers) {
        Report report = handle.report();
        report.unknown(SHADOWS + ".", shadow, SHADOW_KEYS);
        Object target = handle.routes().single(McrouterHandle.required(shadow, McrouterHandle.TARGET, SHADOWS));
        List<Double> range = McrouterHandle.numbers(shadow, "key_fraction_range");
        double percent = range.size() == 2 ? 100 * (range.get(1) - range.get(0)) : 100;
        boolean byKey = shadow.get("requests_fraction").isEmpty();
        if (!byKey) {
            percent = 100 * McrouterHandle.number(shadow, "requests_fraction").orElse(1.0);
        }
        List<Double> places = McrouterHandle.numbers(shadow, "index_range");
        if (places.size() == 2 && (places.get(0) > 0 || places.get(1) < servers)) {
            report.nearly(
                    McrouterPools.line(shadow, "index_range"),
                    "index_range: " + shadow.get("index_range").orElseThrow().shown(),
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
}
