package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Pool.Server;
import io.memroute.proxy.config.source.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pools of an mcrouter's file. A pool is written when a route asks for it: once for each way to hash that routes
 * have for it, and as a set of single servers where its servers are children one by one.
 */
final class McrouterPools {

    /** A pool without servers that are up: requests to it fail. */
    static final String DOWN = "_down_";

    private static final Pattern SERVER = Pattern.compile(
            "(?:\\[(?<v6>[^\\]]+)]|(?<host>[^:\\[\\]]+))(?::(?<port>\\d{1,5}))?(?::(?<rest>[A-Za-z].*))?");
    private static final String WEIGHTS = "weights";
    private static final String TAGS = "tags";
    private static final int LONGEST_NAME = 60;
    private static final int MOST_ANCESTORS = 100;
    private static final double MILLIS = 1000;

    /** Keys without a counterpart, and the difference that it makes. */
    private static final Map<String, String> MISSING = Map.of(
            "enable_compression", "values are stored as clients send them; compressed ones are not understood",
            "qos", "packets to servers are not marked",
            "hostnames", "names are those of the servers",
            "failure_domains", "failover does not look at failure domains",
            "services", "has no meaning here",
            "additional_fanout", "the pool option connections says how many connections a server gets",
            "tko_tracker", "every worker watches its servers by itself",
            "disable_request_deadline_check", "requests carry no deadline");

    private static final Set<String> KNOWN = Set.of(
            "name",
            "servers",
            "inherit",
            "server_timeout",
            "connect_timeout",
            "protocol",
            "security_mech",
            "use_ssl",
            "port_override",
            WEIGHTS,
            TAGS,
            "region",
            "cluster",
            "keep_routing_prefix",
            "error_on_empty");

    /** The keys of a pool that stands where a handle may. */
    static final Set<String> KEYS = Stream.of(KNOWN, MISSING.keySet(), Set.of("pool"))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private final Fields definitions;
    private final Imported result;
    private final Report report;
    private final Set<String> names = new HashSet<>(Set.of("internal", DOWN));
    /** The names of what has been written, by what it is. */
    private final Map<List<Object>, String> written = new HashMap<>();

    /** The names of sets, by their members. */
    private final Map<List<Object>, Object> sets = new HashMap<>();

    private final Set<String> used = new HashSet<>();

    McrouterPools(Fields definitions, Imported result) {
        this.definitions = definitions;
        this.result = result;
        report = result.report();
    }

    /** A pool as the file has it, with what it inherits. */
    record Source(String name, Fields fields) {

        int line() {
            return fields.line();
        }

        List<Node> servers() {
            return fields.get("servers")
                    .map(Node::asList)
                    .orElseThrow(() -> new ImportException(line(), "pool " + name + ": needs \"servers\""));
        }

        /** Whether a server is a route of its own. */
        boolean hasRoutes() {
            return servers().stream().anyMatch(server -> !(server instanceof Node.Scalar));
        }
    }

    boolean isNamed(String name) {
        return definitions.get(name).isPresent();
    }

    /** The pool that a name or an object stands for. */
    Source find(Node reference) {
        if (reference instanceof Fields inline && inline.get("servers").isPresent()) {
            return new Source(inline.text("name").orElse("pool"), inherited("pool", inline, new HashSet<>()));
        }
        String name = (reference instanceof Fields inline ? inline.text("name") : reference.asText())
                .orElseThrow(() -> new ImportException(reference.line(), "expected the name of a pool"));
        if (!(definitions.get(name).orElse(null) instanceof Fields fields)) {
            throw new ImportException(reference.line(), "there is no pool \"" + name + "\"");
        }
        used.add(name);
        return new Source(name, inherited(name, fields, new HashSet<>(Set.of(name))));
    }

    private Fields inherited(String name, Fields fields, Set<String> seen) {
        Optional<String> from = fields.text("inherit");
        if (from.isEmpty()) {
            return fields;
        }
        if (!seen.add(from.get())) {
            throw new ImportException(fields.line(), "pool " + name + ": inherits from itself");
        }
        if (seen.size() > MOST_ANCESTORS) {
            throw new ImportException(
                    fields.line(), "pool " + name + ": inherits by way of more than " + MOST_ANCESTORS + " pools");
        }
        if (!(definitions.get(from.get()).orElse(null) instanceof Fields base)) {
            throw new ImportException(
                    fields.line(), "pool " + name + ": inherits from \"" + from.get() + "\", which there is not");
        }
        used.add(from.get());
        Map<String, Node> all =
                new LinkedHashMap<>(inherited(from.get(), base, seen).fields());
        all.putAll(fields.fields());
        report.exact(fields.line(), "inherit: " + from.get(), "its settings are written out");
        return new Fields(all, fields.line());
    }

    /** Whether servers of a pool get the routing prefixes of keys. */
    boolean keepRoutingPrefixes() {
        return definitions.fields().values().stream()
                .anyMatch(pool -> pool instanceof Fields fields && fields.flag("keep_routing_prefix", false));
    }

    /** Tells which pools no route asks for. */
    void reportUnused() {
        definitions.fields().forEach((name, pool) -> {
            if (!used.contains(name)) {
                report.exact(pool.line(), name, "no route uses this pool, and it is left out");
            }
        });
    }

    /** The name of a pool that picks a server for each key. */
    String hashed(Source pool, McrouterHash hash) {
        List<Node> servers = pool.servers();
        if (servers.isEmpty()) {
            return down(pool.line());
        }
        return written.computeIfAbsent(List.of(pool, hash), key -> {
            String name = name(pool.name());
            if (!name.equals(pool.name())) {
                report.exact(pool.line(), pool.name(), "is the pool " + name);
            }
            Map<String, Object> backendOptions = backendOptions(pool);
            List<Server> backends = new ArrayList<>();
            for (int i = 0; i < servers.size(); i++) {
                backends.add(server(pool, servers.get(i), hash.weight(i), hash.tag(i)));
            }
            if (servers.size() > 1) {
                hash.report(report, pool.line());
            }
            report.exact(pool.line(), pool.name(), servers.size() + (servers.size() == 1 ? " server" : " servers"));
            result.add(new Pool(name, hash.options(), backendOptions, backends, pool.line()));
            return name;
        });
    }

    /**
     * The servers of a pool as children: the names of pools with one server each.
     *
     * @param routeOf reads a server that is a route
     */
    List<Object> oneByOne(Source pool, Function<Node, Object> routeOf) {
        List<Node> servers = pool.servers();
        if (servers.isEmpty()) {
            return List.of();
        }
        if (pool.hasRoutes()) {
            return oneByOneWithRoutes(pool, routeOf);
        }
        String set = written.computeIfAbsent(List.of(pool, "one by one"), key -> {
            String name = "set_" + name(pool.name());
            Map<String, Object> backendOptions = backendOptions(pool);
            result.addSet(
                    name,
                    servers.stream()
                            .map(server -> new Pool(
                                    name,
                                    Map.of(),
                                    backendOptions,
                                    List.of(server(pool, server, 1, Optional.empty())),
                                    server.line()))
                            .toList());
            report.exact(pool.line(), pool.name(), "the set " + name + " of " + servers.size() + " servers");
            return name;
        });
        List<Object> members = IntStream.rangeClosed(1, servers.size())
                .<Object>mapToObj(place -> set + "_" + place)
                .toList();
        sets.put(members, set);
        return members;
    }

    private List<Object> oneByOneWithRoutes(Source pool, Function<Node, Object> routeOf) {
        Map<String, Object> backendOptions = backendOptions(pool);
        return pool.servers().stream()
                .map(server -> server instanceof Node.Scalar
                        ? written.computeIfAbsent(List.of(pool, server), key -> {
                            String name = name(pool.name());
                            Server backend = server(pool, server, 1, Optional.empty());
                            result.add(new Pool(name, Map.of(), backendOptions, List.of(backend), server.line()));
                            report.exact(server.line(), server.shown(), "the pool " + name);
                            return name;
                        })
                        : routeOf.apply(server))
                .toList();
    }

    /** Children as an argument: the name of a set if they are the whole of it. */
    Object list(List<Object> children) {
        return sets.getOrDefault(children, children);
    }

    /** The name of the pool whose requests fail. */
    String down(int line) {
        if (written.putIfAbsent(List.of(DOWN), DOWN) == null) {
            result.add(new Pool(
                    DOWN,
                    Map.of(),
                    Map.of(),
                    List.of(new Server("127.0.0.1", 11211, 1, Optional.empty(), true, false, line)),
                    line));
        }
        return DOWN;
    }

    private String name(String wanted) {
        String name = Lua.identifier(wanted);
        String start = name.startsWith("set_") ? "pool_" + name : name;
        String free = start.substring(0, Math.min(start.length(), LONGEST_NAME));
        for (int i = 2; !names.add(free); i++) {
            free = start.substring(0, Math.min(start.length(), LONGEST_NAME)) + "_" + i;
        }
        return free;
    }

    private Map<String, Object> backendOptions(Source pool) {
        Fields fields = pool.fields();
        Map<String, Object> options = new LinkedHashMap<>();
        Optional<Integer> timeout = millis(fields, "server_timeout");
        Optional<Integer> connect = millis(fields, "connect_timeout");
        timeout.ifPresent(millis -> {
            options.put("readtimeout", millis / MILLIS);
            report.exact(line(fields, "server_timeout"), "server_timeout: " + millis, "readtimeout");
        });
        connect.or(() -> timeout).ifPresent(millis -> options.put("connecttimeout", millis / MILLIS));
        connect.ifPresent(millis ->
                report.exact(line(fields, "connect_timeout"), "connect_timeout: " + millis, "connecttimeout"));
        fields.text("protocol").ifPresent(protocol -> {
            int line = line(fields, "protocol");
            if (protocol.equalsIgnoreCase("ascii")) {
                report.exact(line, "protocol: " + protocol, "so it is");
            } else {
                report.missing(
                        line,
                        "protocol: " + protocol,
                        "memroute speaks memcached's text protocols only: the servers have to understand these");
            }
        });
        fields.fields().forEach((key, value) -> {
            String consequence = MISSING.get(key);
            if (consequence != null) {
                report.missing(value.line(), key + ": " + value.shown(), consequence);
            } else if (key.equals("region") || key.equals("cluster")) {
                report.nearly(value.line(), key + ": " + value.shown(), "timeouts do not differ by region or cluster");
            } else if (key.endsWith("_within_dc") || key.endsWith("_cross_dc") || key.contains("_dc_")) {
                report.missing(value.line(), key + ": " + value.shown(), "one value holds for all servers of a pool");
            } else if (!KNOWN.contains(key)) {
                report.missing(
                        value.line(),
                        pool.name() + "." + key,
                        "is not known here, and has no effect" + NearestName.hint(key, KEYS));
            }
        });
        if (fields.flag("keep_routing_prefix", false)) {
            report.missing(
                    line(fields, "keep_routing_prefix"),
                    "keep_routing_prefix: true",
                    "servers get keys without the routing prefix: what is stored under keys with it is not found");
        }
        return options;
    }

    private Server server(Source pool, Node node, double weight, Optional<String> tag) {
        Fields fields = pool.fields();
        String text = node.asText().orElse("");
        if (text.startsWith("unix:")) {
            report.missing(
                    node.line(),
                    text,
                    "memroute has no UNIX sockets to servers: the server keeps its place and is down. Let it listen on"
                            + " TCP, and put its address here in the place of 127.0.0.1:11211");
            return new Server("127.0.0.1", 11211, weight, tag, true, false, node.line());
        }
        Matcher parts = SERVER.matcher(text);
        Optional<String> override = fields.text("port_override");
        override.filter(given -> !given.matches("\\d{1,5}")).ifPresent(given -> {
            throw new ImportException(
                    line(fields, "port_override"), "port_override: expected a port, got \"" + given + "\"");
        });
        if (!parts.matches() || parts.group("port") == null && override.isEmpty()) {
            throw new ImportException(
                    node.line(), "pool " + pool.name() + ": expected host:port, got \"" + text + "\"");
        }
        String port = override.orElseGet(() -> parts.group("port"));
        String security = fields.text("security_mech").orElse(fields.flag("use_ssl", false) ? "ssl" : "plain");
        for (String word : Optional.ofNullable(parts.group("rest")).orElse("").split(":")) {
            switch (word.toLowerCase(Locale.ROOT)) {
                case "", "ascii", "notcompressed" -> {}
                case "caret", "thrift" ->
                    report.missing(
                            node.line(),
                            text,
                            "memroute speaks memcached's text protocols only: the server has to understand these");
                case "compressed" ->
                    report.missing(
                            node.line(),
                            text,
                            "values are stored as clients send them; compressed ones are not" + " understood");
                case "plain", "ssl", "tls_to_plain", "fizz", "ktls12" -> security = word.toLowerCase(Locale.ROOT);
                default -> throw new ImportException(node.line(), "pool " + pool.name() + ": invalid server " + text);
            }
        }
        boolean tls = !security.equals("plain");
        if (tls) {
            report.nearly(
                    line(fields, "security_mech"),
                    "security: " + security,
                    "tls = true: TLS 1.2 or 1.3 all the way; servers must show a certificate that is trusted; "
                            + "ca, cert and key stand for --pem-ca-path, --pem-cert-path and --pem-key-path");
        }
        String host = parts.group("v6") == null ? parts.group("host") : parts.group("v6");
        return new Server(host, Integer.parseInt(port), weight, tag, false, tls, node.line());
    }

    /** Whether an empty pool is an error, as it is unless its pool says otherwise. */
    boolean failsWhenEmpty(Source pool) {
        return pool.fields().flag("error_on_empty", true);
    }

    private static Optional<Integer> millis(Fields fields, String key) {
        return fields.get(key).map(node -> {
            try {
                int millis = Integer.parseInt(node.asText().orElse(""));
                if (millis >= 1) {
                    return millis;
                }
            } catch (NumberFormatException e) {
                // Said below, for all that is no such number.
            }
            throw new ImportException(node.line(), key + ": expected milliseconds, 1 or more, got " + node.kind());
        });
    }

    static int line(Fields fields, String key) {
        return fields.get(key).map(Node::line).orElse(fields.line());
    }
}
