package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The handles that let a part of the requests through, or send a part of them elsewhere as well. */
final class TrafficHandles {

    static final String SHADOWS = "shadows";
    static final String SHADOW_POLICY = "shadow_policy";
    private static final String KEY_RANGE = "key_fraction_range";
    private static final String INDEX_RANGE = "index_range";

    private static final Set<String> SHADOW_KEYS = Set.of(
            McrouterHandle.TARGET,
            INDEX_RANGE,
            KEY_RANGE,
            "key_fraction_range_rv",
            "requests_fraction",
            "keys_to_shadow");

    private static final List<String> RATE_KEYS =
            List.of("gets_rate", "gets_burst", "sets_rate", "sets_burst", "deletes_rate", "deletes_burst");

    private static final int MILLIS = 1000;

    /** The limit of {@code route_ratelim}; no server has as many requests in a second. */
    private static final long MOST_TOKENS = 0xFFFF_FFFFL;

    static final List<Kind> ALL = List.of(
            Kind.of("RateLimitRoute", TrafficHandles::rateLimit, McrouterHandle.TARGET, "fallback", "rates"),
            new Kind(
                    "ShadowRoute",
                    Set.of(McrouterHandle.CHILDREN, "child", McrouterHandle.TARGET, SHADOWS, SHADOW_POLICY),
                    TrafficHandles::shadowed));

    private TrafficHandles() {}

    private static Object rateLimit(McrouterHandle handle) {
        Object child = handle.target();
        Fields rates = handle.fields()
                .object("rates")
                .orElseThrow(() -> new ImportException(handle.line(), handle.type() + ": needs \"rates\""));
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
     * @throws ImportException if a rate or a burst is 0 or less
     */
    static Object limited(McrouterHandle handle, Object child, Fields rates, String setting) {
        handle.report().unknown("rates.", rates, Set.copyOf(RATE_KEYS));
        for (String key : RATE_KEYS) {
            McrouterHandle.number(rates, key).filter(number -> number <= 0).ifPresent(number -> {
                Node given = McrouterHandle.required(rates, key, setting);
                throw new ImportException(given.line(), key + ": expected more than 0, got " + given.kind());
            });
        }
        String family = switch (handle.command().kind()) {
            case GET -> "gets";
            case DELETE -> "deletes";
            case STORE, UPDATE -> "sets";
            case ARITHMETIC, TOUCH -> "";
        };
        Optional<Double> rate = McrouterHandle.number(rates, family + "_rate");
        if (rate.isEmpty()) {
            return child;
        }
        double perSecond = rate.get();
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
        List<Object> all = handle.routes().several(children);
        return all.stream().map(child -> shadows(handle, child, all.size())).toList();
    }

    /** A child with the shadows that the handle has. */
    static Object shadows(McrouterHandle handle, Object child, int servers) {
        Report report = handle.report();
        handle.get(SHADOW_POLICY).ifPresent(node -> {
            String setting = SHADOW_POLICY + ": " + node.shown();
            if (node.shown().equals("default")) {
                report.exact(node.line(), setting, "so it is");
            } else {
                report.missing(node.line(), setting, "has no counterpart");
            }
        });
        Optional<Node> all = handle.get(SHADOWS);
        Object shadowed = child;
        for (Node shadow : all.map(Node::asList).orElse(List.of())) {
            if (all.get() instanceof Items
                    && shadow instanceof Fields fields
                    && fields.get(McrouterHandle.TARGET).isPresent()) {
                shadowed = shadow(handle, fields, shadowed, servers);
            } else {
                report.exact(
                        shadow.line(),
                        SHADOWS + ": " + shadow.shown(),
                        "mcrouter passes over it, too: expected a list of objects with target");
            }
        }
        return shadowed;
    }

    /** Whether mcrouter takes a shadow: one with a range that is none it logs and leaves out. */
    private static boolean hasRanges(Report report, Fields shadow) {
        for (String key : List.of(KEY_RANGE, INDEX_RANGE)) {
            Optional<Node> given = shadow.get(key);
            List<Double> range = McrouterHandle.numbers(shadow, key);
            double most = key.equals(KEY_RANGE) ? 1 : Double.MAX_VALUE;
            if (given.isPresent()
                    && !(range.size() == 2
                            && 0 <= range.get(0)
                            && range.get(0) <= range.get(1)
                            && range.get(1) <= most)) {
                report.exact(
                        given.get().line(),
                        key + ": " + given.get().shown(),
                        "mcrouter passes over this shadow, too: expected a range"
                                + (key.equals(KEY_RANGE) ? " within 0 and 1" : " of places"));
                return false;
            }
        }
        return true;
    }

    private static Object shadow(McrouterHandle handle, Fields shadow, Object child, int servers) {
        Report report = handle.report();
        report.unknown(SHADOWS + ".", shadow, SHADOW_KEYS);
        if (!hasRanges(report, shadow)) {
            return child;
        }
        Object target = handle.routes().single(McrouterHandle.required(shadow, McrouterHandle.TARGET, SHADOWS));
        List<Double> range = McrouterHandle.numbers(shadow, KEY_RANGE);
        double percent = range.isEmpty() ? 100 : 100 * (range.get(1) - range.get(0));
        boolean byKey = shadow.get("requests_fraction").isEmpty();
        if (!byKey) {
            percent = 100 * McrouterHandle.number(shadow, "requests_fraction").orElse(1.0);
        }
        List<Double> places = McrouterHandle.numbers(shadow, INDEX_RANGE);
        if (!places.isEmpty() && (places.get(0) > 0 || places.get(1) < servers)) {
            report.nearly(
                    McrouterPools.line(shadow, INDEX_RANGE),
                    INDEX_RANGE + ": " + shadow.get(INDEX_RANGE).orElseThrow().shown(),
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
