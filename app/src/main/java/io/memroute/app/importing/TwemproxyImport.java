package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Pool.Server;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.hash.scheme.Schemes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the file of twemproxy (nutcracker). One of its pools is a listener, a pool and a direct route here; several
 * pools are told apart by the tags of their listeners. Like twemproxy it takes no keys that it does not know.
 */
final class TwemproxyImport {

    private static final String KETAMA = "ketama";
    private static final String MODULA = "modula";
    private static final String RANDOM = "random";

    private static final Set<String> KEYS = Set.of(
            "listen",
            "hash",
            "hash_tag",
            "distribution",
            "timeout",
            "backlog",
            "client_connections",
            "preconnect",
            "auto_eject_hosts",
            "redis",
            "tcpkeepalive",
            "reuseport",
            "redis_auth",
            "redis_db",
            "server_connections",
            "server_retry_timeout",
            "server_failure_limit",
            "servers");

    /** A name after the last space; a weight and a port after the last colons, so IPv6 needs no brackets. */
    private static final Pattern TCP_SERVER =
            Pattern.compile("(?<host>.+):(?<port>\\d{1,5}):(?<weight>\\d+)( (?<name>.+))?");

    private static final Pattern UNIX_SERVER = Pattern.compile("(?<path>/.*):(?<weight>\\d+)( (?<name>.+))?");
    private static final Pattern UNIX_LISTENER = Pattern.compile("(/\\S+)(?: ([0-7]+))?");

    private static final int MOST_CONNECTIONS = 8;
    private static final int LONGEST_TAG_BYTES = 8;
    private static final int MILLIS = 1000;

    private final Imported result = new Imported();
    private final Report report = result.report();
    private final Set<String> names = new HashSet<>();
    private final Set<String> tags = new HashSet<>();
    private final Set<String> addresses = new HashSet<>();

    private TwemproxyImport() {}

    /** @throws ImportException if twemproxy would not take it either */
    static Imported read(String text) {
        TwemproxyImport reader = new TwemproxyImport();
        if (!(Yaml.read(text) instanceof Fields pools)) {
            throw new ImportException(1, "expected pools by name");
        }
        long served = pools.fields().values().stream()
                .filter(pool -> pool instanceof Fields fields && !isRedis(fields))
                .count();
        pools.fields().forEach((name, pool) -> {
            if (!(pool instanceof Fields fields)) {
                throw new ImportException(pool.line(), name + ": expected the settings of a pool");
            }
            reader.pool(name, fields, served > 1);
        });
        return reader.result;
    }

    private static boolean isRedis(Fields pool) {
        return pool.text("redis").filter("true"::equals).isPresent();
    }

    private void pool(String name, Fields pool, boolean tagged) {
        pool.fields().forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                throw new ImportException(
                        value.line(),
                        name + ": twemproxy has no setting \"" + key + "\"" + NearestName.hint(key, KEYS));
            }
        });
        if (isRedis(pool)) {
            report.missing(pool.line(), name, "a pool of Redis servers is left out: memroute speaks memcached only");
            return;
        }
        String poolName = unique(Lua.identifier(name), names, 60);
        if (poolName.startsWith("set_") || poolName.equals("internal")) {
            poolName = unique("pool_" + poolName, names, 60);
        }
        if (!poolName.equals(name)) {
            report.exact(pool.line(), name, "is the pool " + poolName);
        }
        Optional<String> tag = tagged ? Optional.of(unique(poolName, tags, LONGEST_TAG_BYTES)) : Optional.empty();
        listen(name, pool, tag);
        Map<String, Object> options = options(name, pool);
        Map<String, Object> backendOptions = backendOptions(pool);
        ignored(pool);
        List<Server> servers = servers(name, pool, isRandom(pool) || !takesPlaces(pool));
        Object route = isRandom(pool)
                ? randomRoute(poolName, pool, backendOptions, servers)
                : directRoute(new Pool(poolName, options, backendOptions, servers, pool.line()));
        Map<String, Object> routes = new LinkedHashMap<>();
        tag.ifPresent(text -> routes.put("tag", text));
        routes.put("default", route);
        result.routes(routes);
        report.nearly(
                pool.line(),
                name,
                "clients may also use what twemproxy refuses: gat, gats, the meta commands, stats and others");
    }

    private Object directRoute(Pool pool) {
        result.add(pool);
        return new Lua.Call("route_direct", Map.of("child", pool.name()));
    }

    /** twemproxy takes another server for each request. */
    private Object randomRoute(String name, Fields pool, Map<String, Object> backendOptions, List<Server> servers) {
        if (servers.size() == 1) {
            return directRoute(new Pool(name, Map.of(), backendOptions, servers, pool.line()));
        }
        List<Pool> members = servers.stream()
                .map(server -> new Pool(name, Map.of(), backendOptions, List.of(server), server.line()))
                .toList();
        String set = "set_" + name;
        result.addSet(set, members);
        return new Lua.Call("route_random", Map.of("children", set));
    }

    private static boolean isRandom(Fields pool) {
        return pool.text("distribution").filter(RANDOM::equals).isPresent();
    }

    private static boolean takesPlaces(Fields pool) {
        return pool.get("servers").map(list -> list.asList().size() > 1).orElse(false);
    }

    private void listen(String name, Fields pool, Optional<String> tag) {
        Node listen = required(pool, name, "listen");
        String text = text(listen, "listen");
        String setting = "listen: " + text;
        if (!addresses.add(text)) {
            throw new ImportException(listen.line(), name + ": listen: another pool has " + text);
        }
        Matcher unix = UNIX_LISTENER.matcher(text);
        if (unix.matches()) {
            if (tag.isPresent()) {
                report.missing(
                        listen.line(),
                        setting,
                        "a UNIX socket has no tag: start a memroute of its own for this pool, with its routes{} without"
                                + " tag");
            } else {
                result.startOption("-s " + unix.group(1) + (unix.group(2) == null ? "" : " -a " + unix.group(2)));
                report.exact(listen.line(), setting, "-s of the command line");
            }
            return;
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.isEmpty() || !port.matches("\\d{1,5}")) {
            throw new ImportException(
                    listen.line(), name + ": listen: expected host:port or a path, got \"" + text + "\"");
        }
        Server.requirePort(listen.line(), host, Integer.parseInt(port));
        if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            host = "[" + host + "]";
        }
        result.startOption("-l " + tag.map(word -> "tag_" + word + "_:").orElse("") + host + ":" + port);
        report.exact(listen.line(), setting, "-l of the command line");
    }

    private Map<String, Object> options(String name, Fields pool) {
        Map<String, Object> options = new LinkedHashMap<>();
        String distribution = pool.text("distribution").orElse(KETAMA);
        int distributionLine = pool.get("distribution").map(Node::line).orElse(pool.line());
        if (distribution.equals(RANDOM)) {
            report.exact(distributionLine, "distribution: random", "route_random");
            return options;
        }
        if (!distribution.equals(KETAMA) && !distribution.equals(MODULA)) {
            throw new ImportException(
                    distributionLine,
                    name + ": distribution: expected ketama, modula or random, got \"" + distribution + "\"");
        }
        String scheme = "twemproxy-" + distribution;
        options.put("placement", scheme);
        pool.get("distribution")
                .ifPresent(node ->
                        report.exact(node.line(), "distribution: " + distribution, "placement = \"" + scheme + "\""));
        pool.get("hash").ifPresent(node -> {
            String hash = text(node, "hash");
            if (!Schemes.named(scheme).orElseThrow().hashes().containsKey(hash)) {
                throw new ImportException(
                        node.line(),
                        name + ": twemproxy has no hash \"" + hash + "\""
                                + NearestName.hint(
                                        hash,
                                        Schemes.named(scheme)
                                                .orElseThrow()
                                                .hashes()
                                                .keySet()));
            }
            options.put("hash", hash);
            report.exact(node.line(), "hash: " + hash, "hash");
        });
        pool.get("hash_tag").ifPresent(node -> {
            String ends = text(node, "hash_tag");
            if (Lua.bytes(ends) != 2) {
                throw new ImportException(
                        node.line(), name + ": hash_tag: expected exactly two characters, got \"" + ends + "\"");
            }
            options.put("filter", "hash_tag");
            options.put("filter_conf", ends);
            report.exact(node.line(), "hash_tag: " + ends, "filter = \"hash_tag\"");
        });
        return options;
    }

    private Map<String, Object> backendOptions(Fields pool) {
        Map<String, Object> options = new LinkedHashMap<>();
        int millis = number(pool, "timeout", 0, Integer.MAX_VALUE).orElse(0);
        int timeoutLine = pool.get("timeout").map(Node::line).orElse(pool.line());
        if (millis > 0) {
            options.put("connecttimeout", (double) millis / MILLIS);
            options.put("readtimeout", (double) millis / MILLIS);
            report.nearly(
                    timeoutLine,
                    "timeout: " + millis,
                    "connecttimeout and readtimeout: connecting and waiting for a reply have so long each");
        } else {
            report.nearly(
                    timeoutLine,
                    pool.get("timeout").isPresent() ? "timeout: " + millis : "no timeout",
                    "memroute never waits without end: 5 s for a connection, 3 s for a reply");
        }
        failures(pool, options);
        int connections =
                number(pool, "server_connections", 1, Integer.MAX_VALUE).orElse(1);
        int here = Math.min(connections, MOST_CONNECTIONS);
        if (connections > 1) {
            options.put("connections", here);
        }
        pool.get("server_connections")
                .ifPresent(node -> report.nearly(
                        node.line(),
                        "server_connections: " + connections,
                        "each of memroute's workers (-t) has " + here + " to each server"));
        if (flag(pool, "tcpkeepalive")) {
            options.put("tcpkeepalive", true);
            report.exact(pool.get("tcpkeepalive").orElseThrow().line(), "tcpkeepalive: true", "tcpkeepalive");
        }
        return options;
    }

    /** twemproxy counts failures only if it ejects servers for them. */
    private void failures(Fields pool, Map<String, Object> options) {
        boolean ejects = flag(pool, "auto_eject_hosts");
        Optional<Integer> limit = number(pool, "server_failure_limit", 0, Integer.MAX_VALUE);
        Optional<Integer> retry = number(pool, "server_retry_timeout", 0, Integer.MAX_VALUE);
        if (!ejects) {
            limit.ifPresent(value -> report.exact(
                    line(pool, "server_failure_limit"),
                    "server_failure_limit: " + value,
                    "without effect in twemproxy unless auto_eject_hosts is true"));
            retry.ifPresent(value -> report.exact(
                    line(pool, "server_retry_timeout"),
                    "server_retry_timeout: " + value,
                    "without effect in twemproxy unless auto_eject_hosts is true"));
            report.nearly(
                    pool.get("auto_eject_hosts").map(Node::line).orElse(pool.line()),
                    "auto_eject_hosts: false",
                    "twemproxy tries a server that fails with each request; memroute leaves it alone for 3 s after 4"
                            + " failures in a row, and its requests fail at once");
            return;
        }
        int seconds = Math.max(1, (retry.orElse(30 * MILLIS) + MILLIS - 1) / MILLIS);
        // 0 is as good as 1: the first failure ejects.
        int tolerated = Math.max(0, limit.orElse(2) - 1);
        options.put("failurelimit", tolerated);
        options.put("retrywaittime", seconds);
        report.missing(
                line(pool, "auto_eject_hosts"),
                "auto_eject_hosts: true",
                "the keys of a server that fails do not move to others: their requests fail at once until it is back."
                        + " To have them served elsewhere, put route_failover over this pool and another");
        limit.ifPresent(value -> report.exact(
                line(pool, "server_failure_limit"),
                "server_failure_limit: " + value,
                "failurelimit = " + tolerated + ", the failures that are tolerated"));
        retry.ifPresent(value -> {
            if (value % MILLIS == 0 && value > 0) {
                report.exact(line(pool, "server_retry_timeout"), "server_retry_timeout: " + value, "retrywaittime");
            } else {
                report.nearly(
                        line(pool, "server_retry_timeout"),
                        "server_retry_timeout: " + value,
                        "retrywaittime = " + seconds + ", whole seconds");
            }
        });
    }

    private void ignored(Fields pool) {
        number(pool, "backlog", 0, Integer.MAX_VALUE)
                .ifPresent(value -> report.missing(
                        line(pool, "backlog"),
                        "backlog: " + value,
                        "memroute sizes the queue of its listeners itself"));
        number(pool, "client_connections", 0, Integer.MAX_VALUE)
                .ifPresent(value -> report.nearly(
                        line(pool, "client_connections"),
                        "client_connections: " + value,
                        "twemproxy has no limit; memroute has -c, 1024 for all listeners together"));
        for (String key : List.of("preconnect", "reuseport", "redis")) {
            if (pool.get(key).isEmpty()) {
                continue;
            }
            boolean on = flag(pool, key);
            String setting = key + ": " + on;
            if (key.equals("preconnect") && !on) {
                report.nearly(line(pool, key), setting, "memroute connects to its servers when it starts");
            } else if (key.equals("reuseport") && on) {
                report.missing(line(pool, key), setting, "two memroutes do not share a port");
            } else {
                report.exact(line(pool, key), setting, "so it is");
            }
        }
        for (String key : List.of("redis_auth", "redis_db")) {
            pool.get(key).ifPresent(node -> report.missing(node.line(), key, "is for Redis only"));
        }
    }

    private List<Server> servers(String name, Fields pool, boolean withoutPlaces) {
        Node list = required(pool, name, "servers");
        if (!(list instanceof Node.Items items) || items.items().isEmpty()) {
            throw new ImportException(list.line(), name + ": servers: expected a list with at least one server");
        }
        List<Server> servers = new ArrayList<>();
        Set<String> hashed = new HashSet<>();
        for (Node item : items.items()) {
            String text = text(item, "servers");
            servers.add(server(text, item.line(), withoutPlaces));
            if (!hashed.add(hashed(text))) {
                throw new ImportException(
                        item.line(), name + ": servers: another server has the name of \"" + text + "\"");
            }
        }
        report.exact(
                list.line(),
                "servers",
                servers.size() + (servers.size() == 1 ? " server" : " servers with their weights and names"));
        return servers;
    }

    private Server server(String text, int line, boolean withoutPlaces) {
        Matcher unix = UNIX_SERVER.matcher(text);
        if (unix.matches()) {
            report.missing(
                    line,
                    text,
                    "memroute has no UNIX sockets to servers: the server keeps its place and is down. Let it listen on"
                            + " TCP, and put its address here in the place of 127.0.0.1:11211");
            String hashed = unix.group("name") == null ? unix.group("path") : unix.group("name");
            return new Server(
                    "127.0.0.1",
                    11211,
                    withoutPlaces ? 1 : weight(unix, line),
                    withoutPlaces ? Optional.empty() : Optional.of(hashed),
                    true,
                    false,
                    line);
        }
        Matcher tcp = TCP_SERVER.matcher(text);
        if (!tcp.matches()) {
            throw new ImportException(line, "servers: expected host:port:weight [name], got \"" + text + "\"");
        }
        double weight = weight(tcp, line);
        return new Server(
                tcp.group("host").replaceAll("^\\[(.*)]$", "$1"),
                Integer.parseInt(tcp.group("port")),
                withoutPlaces ? 1 : weight,
                withoutPlaces ? Optional.empty() : Optional.ofNullable(tcp.group("name")),
                false,
                false,
                line);
    }

    /** Returns what twemproxy hashes for a server; no two of a pool have the same. */
    private static String hashed(String server) {
        int space = server.lastIndexOf(' ');
        return space < 0 ? server.replaceFirst("(:11211)?:\\d+$", "") : server.substring(space + 1);
    }

    private static double weight(Matcher server, int line) {
        double weight = Double.parseDouble(server.group("weight"));
        if (weight < 1) {
            throw new ImportException(line, "servers: a weight must be at least 1");
        }
        return weight;
    }

    private static Node required(Fields pool, String name, String key) {
        return pool.get(key).orElseThrow(() -> new ImportException(pool.line(), name + ": needs \"" + key + "\""));
    }

    private static String text(Node node, String key) {
        return node.asText()
                .orElseThrow(() -> new ImportException(node.line(), key + ": expected a string, got " + node.kind()));
    }

    private static Optional<Integer> number(Fields pool, String key, int min, int max) {
        return pool.get(key).map(node -> {
            try {
                int value = Integer.parseInt(text(node, key));
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Said below, for all that is no such number.
            }
            throw new ImportException(
                    node.line(), key + ": expected a number, " + min + " or more, got " + node.kind());
        });
    }

    private static boolean flag(Fields pool, String key) {
        return pool.get(key)
                .map(node -> switch (text(node, key)) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new ImportException(node.line(), key + ": expected true or false, got " + node.kind());
                })
                .orElse(false);
    }

    private static int line(Fields pool, String key) {
        return pool.get(key).map(Node::line).orElse(pool.line());
    }

    /** The name, or the name with a number at its end if another has it. */
    private static String unique(String wanted, Set<String> taken, int longest) {
        String name = wanted.substring(0, Math.min(wanted.length(), longest));
        for (int i = 2; !taken.add(name); i++) {
            String end = Integer.toString(i);
            name = wanted.substring(0, Math.min(wanted.length(), longest - end.length())) + end;
        }
        return name;
    }
}
