package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

    /** The characters that the value of a label may have. */
    static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private final Optional<String> port;
    private final Optional<String> zone;
    /** The slices by name. */
    private final Map<String, Map<?, ?>> slices = new LinkedHashMap<>();

    /**
     * Has no slices yet.
     *
     * @param port a number, or the name of a port; empty: the only one, or the one named memcache or memcached
     * @param zone where the endpoints are that are wanted; empty: in all zones
     */
    EndpointSlices(Optional<String> port, Optional<String> zone) {
        this.port = port;
        this.zone = zone;
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

    /**
     * Returns the servers in the slices, in that zone.
     *
     * @throws SourceException if it is not clear which port is memcached's, an endpoint is malformed, or all endpoints
     *     are in other zones
     */
    List<FoundServer> servers() throws SourceException {
        Map<String, Endpoint> servers = new TreeMap<>();
        Set<String> otherZones = new TreeSet<>();
        for (Map<?, ?> slice : slices.values()) {
            for (Map<?, ?> endpoint : list(slice, "endpoints")) {
                if (serves(field(endpoint, "conditions"))
                        && endpoint.get("addresses") instanceof List<?> addresses
                        && !addresses.isEmpty()) {
                    String in = zone(endpoint);
                    if (zone.isPresent() && !zone.get().equals(in)) {
                        otherZones.add(in);
                        continue;
                    }
                    String address = String.valueOf(addresses.getFirst());
                    servers.merge(
                            name(endpoint, address),
                            new Endpoint(
                                    server(endpoint, address, port(slice)), isEnding(field(endpoint, "conditions"))),
                            (a, b) -> a.compareTo(b) <= 0 ? a : b);
                }
            }
        }
        if (servers.isEmpty() && zone.isPresent() && !otherZones.isEmpty()) {
            throw new SourceException(
                    "no endpoint is in zone " + zone.get() + ", but in: " + String.join(", ", otherZones));
        }
        return servers.values().stream().map(Endpoint::server).toList();
    }

    /**
     * One of several endpoints of a pod: in slices of both families, or of a pod of the same name that comes after it.
     * The least is taken: one that is not to end, of IPv4, so that it does not depend on the order of slices.
     */
    private record Endpoint(FoundServer server, boolean ending) implements Comparable<Endpoint> {

        private static final Comparator<Endpoint> ORDER = Comparator.comparing(Endpoint::ending)
                .thenComparing(endpoint -> endpoint.server().host().indexOf(':') >= 0)
                .thenComparing(endpoint -> endpoint.server().host());

        @Override
        public int compareTo(Endpoint other) {
            return ORDER.compare(this, other);
        }
    }

    private static boolean isEnding(Map<?, ?> conditions) {
        return Boolean.TRUE.equals(conditions.get("terminating"));
    }

    private static FoundServer server(Map<?, ?> endpoint, String address, int port) throws SourceException {
        try {
            return new FoundServer(name(endpoint, address), address, port);
        } catch (IllegalArgumentException e) {
            throw new SourceException("an endpoint is malformed: " + e.getMessage(), e);
        }
    }

    /** The zone of an endpoint; a word that is none if it has no zone, or one that no label can be. */
    private static String zone(Map<?, ?> endpoint) {
        return endpoint.get("zone") instanceof String zone && ZONE.matcher(zone).matches() ? zone : "(no zone)";
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
        if (port.isPresent() && port.get().matches("[0-9]{1,5}")) {
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
