package io.memroute.proxy.it;

import io.memroute.testkit.MemcachedServer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a test wants of the proxy, written down in the language of the route library. */
final class Configuration {

    /** A played server may take its time, since the test that plays it may have to wait for the processor. */
    private static final int READ_TIMEOUT_SECONDS = 60;

    private final Map<String, Object> settings =
            new LinkedHashMap<>(Map.of("backend_read_timeout", READ_TIMEOUT_SECONDS));
    private final Map<String, int[]> pools = new LinkedHashMap<>();
    /** By tag, {@code ""} for untagged listeners. */
    private final Map<String, String> defaults = new LinkedHashMap<>();

    private final Map<String, String> prefixes = new LinkedHashMap<>();

    /** Everything to one pool named {@code main} with these servers. */
    static Configuration direct(MemcachedServer... servers) {
        return direct(Arrays.stream(servers).mapToInt(MemcachedServer::port).toArray());
    }

    /** Everything to one pool named {@code main} with backends on these ports of 127.0.0.1. */
    static Configuration direct(int... ports) {
        return new Configuration().pool("main", ports).otherwise("main");
    }

    /** Nothing yet. */
    static Configuration empty() {
        return new Configuration();
    }

    /** A further pool. */
    Configuration pool(String name, int... ports) {
        pools.put(name, ports);
        return this;
    }

    /**
     * Keys that begin with the prefix and a slash go to the child: a pool, {@code internal}, or a route as it is
     * written.
     */
    Configuration prefix(String prefix, String child) {
        prefixes.put(prefix, child);
        return this;
    }

    /** All other keys go to the child. */
    Configuration otherwise(String child) {
        return tagged("", child);
    }

    /** Requests from listeners with the tag go to the child. */
    Configuration tagged(String tag, String child) {
        defaults.put(tag, child);
        return this;
    }

    /** An entry of {@code settings{}}: a number or a boolean. */
    Configuration setting(String name, Object value) {
        settings.put(name, value);
        return this;
    }

    /** The text of the configuration file. */
    String lua() {
        StringBuilder lua = new StringBuilder("settings{ "
                + settings.entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue())
                        .collect(Collectors.joining(", "))
                + " }\npools{\n");
        pools.forEach((name, ports) -> lua.append("  ")
                .append(name)
                .append(" = { backends = { ")
                .append(backends(ports))
                .append(" } },\n"));
        lua.append("}\n");
        defaults.forEach((tag, child) -> {
            lua.append("routes{\n");
            if (!tag.isEmpty()) {
                lua.append("  tag = \"").append(tag).append("\",\n");
            } else if (!prefixes.isEmpty()) {
                lua.append("  map = {\n");
                prefixes.forEach((prefix, to) -> lua.append("    ")
                        .append(prefix)
                        .append(" = ")
                        .append(route(to))
                        .append(",\n"));
                lua.append("  },\n");
            }
            lua.append("  default = ").append(route(child)).append(",\n}\n");
        });
        return lua.toString();
    }

    private static String backends(int[] ports) {
        return Arrays.stream(ports)
                .mapToObj(port -> "\"127.0.0.1:" + port + "\"")
                .collect(Collectors.joining(", "));
    }

    private static String route(String child) {
        return child.startsWith("route_") ? child : "route_direct{ child = \"" + child + "\" }";
    }
}
