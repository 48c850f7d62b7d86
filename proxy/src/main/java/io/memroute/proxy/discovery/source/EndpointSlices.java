package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The EndpointSlices of one service, and the servers in them. An endpoint that may be in two slices while it moves is
 * one server. A pod that is to end still serves, so {@code serving} counts before {@code ready}. Servers are named
 * after their pods, which keep their names when their addresses change.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/">EndpointSlice
 *     v1</a>
 */
final class EndpointSlices {

    private final Optional<String> port;
    /** By name of the slice. */
    private final Map<String, Map<?, ?>> slices = new LinkedHashMap<>();

    /** @param port a number, or the name of a port; empty: the only one, or the one named memcache or memcached */
    EndpointSlices(Optional<String> port) {
        this.port = port;
    }

    void clear() {
        slices.clear();
    }

    void put(Map<?, ?> slice) {
        slices.put(name(slice), slice);
    }

    void remove(Map<?, ?> slice) {
        slices.remove(name(slice));
    }

    private static String name(Map<?, ?> slice) {
        return String.valueOf(field(slice, "metadata").get("name"));
    }

    /** The version of an object or a list; empty text if it has none. */
    static String version(Map<?, ?> object) {
        return field(object, "metadata").get("resourceVersion") instanceof String version ? version : "";
    }

    /** A field that is an object; an empty one if it is missing. */
    static Map<?, ?> field(Map<?, ?> object, String name) {
        return object.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
    }

    /** A field that is a list of objects; an empty one if it is missing. */
    @SuppressWarnings("unchecked") // all others are left out
    static List<Map<?, ?>> list(Map<?, ?> object, String name) {
        return object.get(name) instanceof List<?> inner
                ? (List<Map<?, ?>>)
                        (List<?>) inner.stream().filter(Map.class::isInstance).toList()
                : List.of();
    }

    /** @throws SourceException if it is not clear which port is memcached's, or an endpoint is malformed */
    List<FoundServer> servers() throws SourceException {
        Map<String, FoundServer> servers = new TreeMap<>();
        for (Map<?, ?> slice : slices.values()) {
            for (Map<?, ?> endpoint : list(slice, "endpoints")) {
                if (serves(field(endpoint, "conditions"))
                        && endpoint.get("addresses") instanceof List<?> addresses
                        && !addresses.isEmpty()) {
                    String address = String.valueOf(addresses.getFirst());
                    servers.merge(name(endpoint, address), server(endpoint, address, port(slice)), (a, b) -> a);
                }
            }
        }
        return List.copyOf(servers.values());
    }

    private static FoundServer server(Map<?, ?> endpoint, String address, int port) throws SourceException {
        try {
            return new FoundServer(name(endpoint, address), address, port);
        } catch (IllegalArgumentException e) {
            throw new SourceException("an endpoint is malformed: " + e.getMessage(), e);
        }
    }

    private static boolean serves(Map<?, ?> conditions) {
        return conditions.get("serving") instanceof Boolean serving
                ? serving
                : !Boolean.FALSE.equals(conditions.get("ready"));
    }

    private static String name(Map<?, ?> endpoint, String address) {
        if (endpoint.get("hostname") instanceof String hostname && !hostname.isEmpty()) {
            return hostname;
        }
        return field(endpoint, "targetRef").get("name") instanceof String pod ? pod : address;
    }

    private int port(Map<?, ?> slice) throws SourceException {
        if (port.isPresent() && port.get().matches("[0-9]+")) {
            return Integer.parseInt(port.get());
        }
        List<Map<?, ?>> ports = list(slice, "ports");
        for (Map<?, ?> one : ports) {
            String name = String.valueOf(one.get("name"));
            if (port.map(name::equals)
                    .orElse(ports.size() == 1 || name.equals("memcache") || name.equals("memcached"))) {
                return number(one.get("port"));
            }
        }
        throw new SourceException(
                port.isPresent()
                        ? "the service has no port named " + port.get()
                        : "the service has " + ports.size() + " ports: expected k8s+SERVICE.NAMESPACE:PORT");
    }

    private static int number(@Nullable Object port) throws SourceException {
        if (port instanceof Double number) {
            return number.intValue();
        }
        throw new SourceException("a port of the service has no number");
    }
}
