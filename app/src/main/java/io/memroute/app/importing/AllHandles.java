package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The handles whose children all have the same data: requests go to all of them, or to any. */
final class AllHandles {

    private static final String CHILDREN = McrouterHandle.CHILDREN;

    static final List<Kind> ALL = List.of(
            Kind.of(
                    "AllSyncRoute",
                    handle -> all(
                            handle,
                            "route_allsync",
                            Optional.of("the first error, else the last child's reply; mcrouter's is the worst")),
                    CHILDREN),
            Kind.of("AllAsyncRoute", handle -> all(handle, "route_allasync", Optional.empty()), CHILDREN),
            Kind.of("AllInitialRoute", AllHandles::initial, CHILDREN),
            Kind.of("AllFastestRoute", handle -> all(handle, "route_allfastest", Optional.empty()), CHILDREN),
            Kind.of("AllMajorityRoute", handle -> all(handle, "route_majority", Optional.empty()), CHILDREN),
            Kind.of("RandomRoute", handle -> all(handle, "route_random", Optional.empty()), CHILDREN),
            Kind.of(
                    "LatestRoute",
                    handle -> latest(
                            handle, handle.number("failover_count").orElse(5.0).intValue()),
                    CHILDREN,
                    "failover_count",
                    "weights",
                    "salt",
                    "thread_local_failover"),
            Kind.of("HostIdRoute", handle -> latest(handle, 1), CHILDREN, "salt"));

    private AllHandles() {}

    private static Object all(McrouterHandle handle, String handler, Optional<String> difference) {
        List<Object> children = handle.children();
        difference.ifPresentOrElse(
                text -> handle.report().nearly(handle.line(), handle.type(), handler + " answers with " + text),
                () -> handle.report().exact(handle.line(), handle.type(), handler));
        if (children.isEmpty()) {
            return McrouterRoutes.call("route_null");
        }
        return children.size() == 1 && !handler.equals("route_allasync")
                ? children.getFirst()
                : McrouterRoutes.call(handler, CHILDREN, handle.pools().list(children));
    }

    private static Object initial(McrouterHandle handle) {
        List<Object> children = handle.children();
        handle.report().exact(handle.line(), handle.type(), "route_split");
        if (children.size() < 2) {
            return children.isEmpty() ? McrouterRoutes.call("route_null") : children.getFirst();
        }
        List<Object> others = children.subList(1, children.size());
        return McrouterRoutes.call(
                "route_split",
                "child_a",
                children.getFirst(),
                "child_b",
                others.size() == 1
                        ? others.getFirst()
                        : McrouterRoutes.call(
                                "route_allasync", CHILDREN, handle.pools().list(others)));
    }

    private static Object latest(McrouterHandle handle, int asked) {
        List<Object> children = handle.children();
        handle.report()
                .nearly(
                        handle.line(),
                        handle.type(),
                        "route_latest: other hosts prefer other children than in mcrouter");
        if (children.size() < 2) {
            return children.isEmpty() ? handle.pools().down(handle.line()) : children.getFirst();
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(CHILDREN, handle.pools().list(children));
        if (handle.get("weights").isPresent()) {
            List<Object> weights = new ArrayList<>(McrouterHandle.numbers(handle.fields(), "weights"));
            while (weights.size() < children.size()) {
                weights.add(McrouterHash.MISSING_WEIGHT);
            }
            arguments.put("weights", weights.subList(0, children.size()));
        }
        arguments.put("failover_count", Math.max(1, asked));
        handle.text("salt").ifPresent(salt -> arguments.put("salt", salt));
        handle.get("thread_local_failover")
                .ifPresent(node ->
                        handle.report().nearly(node.line(), "thread_local_failover", "all workers have one order"));
        return new Lua.Call("route_latest", arguments);
    }
}
