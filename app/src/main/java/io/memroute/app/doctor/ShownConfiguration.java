package io.memroute.app.doctor;

import io.memroute.app.remote.RemoteProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration in force as {@code memroute show --json} tells it, in as far as rules want it.
 *
 * @param trees as they are written; equal for proxies whose routes are equal and stand at the same places
 */
record ShownConfiguration(List<Pool> pools, List<Route> routes, List<?> trees) {

    /** @param options how keys pick servers, as text by name */
    record Pool(String name, Map<String, String> options, List<Server> servers) {}

    /** @param label or the address, if it has none */
    record Server(String label, String address, double readTimeoutSeconds) {}

    /**
     * A route of a tree.
     *
     * @param where its place in the files
     * @param children the pools that requests get to below each of its children, by role
     */
    record Route(String handler, String where, Map<?, ?> arguments, Map<String, Set<String>> children) {}

    /**
     * Asks a proxy; empty if there is no configuration that could be shown.
     *
     * @throws IOException if it does not answer
     */
    static Optional<ShownConfiguration> of(RemoteProxy proxy) throws IOException {
        if (proxy.read("/api/configuration", Present.class).digest().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(of(proxy.tree("/api/show?arg=--json")));
    }

    /** Whether there is a configuration that has a digest, and so a model. */
    record Present(Optional<String> digest) {}

    static ShownConfiguration of(Map<String, Object> outline) {
        List<Route> routes = new ArrayList<>();
        for (Object tree : list(outline.get("trees"))) {
            for (Object rule : list(map(tree).get("rules"))) {
                addRoutes(map(map(rule).get("route")), routes);
            }
        }
        return new ShownConfiguration(
                list(outline.get("pools")).stream()
                        .map(ShownConfiguration::pool)
                        .toList(),
                routes,
                list(outline.get("trees")));
    }

    private static Pool pool(Object json) {
        Map<String, String> options = new LinkedHashMap<>();
        map(map(json).get("options")).forEach((name, value) -> options.put(name.toString(), String.valueOf(value)));
        List<Server> servers = new ArrayList<>();
        for (Object backend : list(map(json).get("backends"))) {
            String address = text(map(backend).get("address"));
            Object label = map(backend).get("label");
            Object timeout = map(map(backend).get("options")).get("readtimeout");
            servers.add(new Server(
                    label == null ? address : text(label), address, timeout instanceof Double number ? number : 0));
        }
        return new Pool(text(map(json).get("name")), options, servers);
    }

    /** Adds a route and those below it, once each; returns the pools that requests get to from there. */
    private static Set<String> addRoutes(Map<?, ?> node, List<Route> into) {
        Map<String, Set<String>> children = new LinkedHashMap<>();
        for (Object child : list(node.get("children"))) {
            Map<?, ?> target = map(map(child).get("target"));
            Set<String> pools = target.get("pool") != null
                    ? Set.of(text(target.get("pool")))
                    : target.get("route") != null ? addRoutes(map(target.get("route")), into) : Set.of();
            children.put(text(map(child).get("role")), pools);
        }
        Map<?, ?> where = map(node.get("where"));
        Object line = where.get("line");
        Route route = new Route(
                text(node.get("handler")),
                where.get("file") + (line instanceof Double number ? ":" + number.intValue() : ""),
                map(node.get("arguments")),
                children);
        if (!into.contains(route)) {
            into.add(route);
        }
        return children.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Map<?, ?> map(@Nullable Object json) {
        return json instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object json) {
        return json instanceof List<?> list ? list : List.of();
    }

    private static String text(@Nullable Object json) {
        return String.valueOf(json);
    }
}
