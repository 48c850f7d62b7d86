package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the file of mcrouter. Its tree of routes is translated for each command, and what most commands have in common
 * becomes the default: in memroute the command is chosen once, at the root.
 */
final class McrouterImport {

    private static final Pattern ROUTING_PREFIX = Pattern.compile("/[^/]+/[^/]+/");

    private static final Set<String> KNOWN = Set.of("pools", "route", "routes", "named_handles", "macros");

    /** mcrouter's {@code -t}. */
    private static final double DEFAULT_TIMEOUT_SECONDS = 1;

    /** The third failure in a row, so two are tolerated: {@code --timeouts-until-tko}. */
    private static final int TOLERATED_FAILURES = 2;

    /** {@code --probe-timeout-initial}. */
    private static final int PROBE_SECONDS = 10;

    private final Imported result;
    private final Report report;
    private final Fields file;
    private final Options options;
    private final McrouterPools pools;
    private final Map<Object, String> names = new HashMap<>();

    private McrouterImport(Fields file, Options options, Imported result) {
        this.result = result;
        this.report = result.report();
        this.file = file;
        this.options = options;
        Node definitions = file.get("pools").orElse(new Fields(Map.of(), file.line()));
        if (!(definitions instanceof Fields fields)) {
            throw new ImportException(definitions.line(), "pools: expected an object");
        }
        this.pools = new McrouterPools(fields, result);
    }

    /**
     * The options of mcrouter's command line that a file depends on.
     *
     * @param routingPrefix the default one, {@code -R}
     * @param parameters the values of {@code --config-params} and of mcrouter's own names, by name
     */
    record Options(String routingPrefix, Map<String, String> parameters) {

        static final Options DEFAULT = new Options("/././", Map.of());
    }

    /**
     * Reads a file.
     *
     * @param files the text of a file that is imported, by its path; empty if there is none
     * @throws ImportException if mcrouter would not take it either
     */
    static Imported read(String text, Options options, Function<String, Optional<String>> files) {
        Imported result = new Imported();
        if (!(Json.read(text, result.report()) instanceof Fields raw)) {
            throw new ImportException(1, "expected an object");
        }
        Map<String, String> globals = new HashMap<>(options.parameters());
        globals.putIfAbsent("default-route", options.routingPrefix());
        String[] parts = options.routingPrefix().split("/");
        globals.putIfAbsent("default-region", parts.length > 1 ? parts[1] : ".");
        globals.putIfAbsent("default-cluster", parts.length > 2 ? parts[2] : ".");
        McrouterImport reader = new McrouterImport(Jsonm.expand(raw, globals, files, result.report()), options, result);
        raw.get("macros").ifPresent(macros -> reader.report.exact(macros.line(), "macros", "are written out"));
        return reader.read();
    }

    private Imported read() {
        report.unknown("", file, KNOWN);
        Map<McrouterCommand, Object> trees = new LinkedHashMap<>();
        for (McrouterCommand command : McrouterCommand.ALL) {
            trees.put(command, tree(command));
        }
        pools.reportUnused();
        reportWhatHoldsForAll();
        result.setting("backend_connect_timeout", DEFAULT_TIMEOUT_SECONDS);
        result.setting("backend_read_timeout", DEFAULT_TIMEOUT_SECONDS);
        result.setting("backend_failure_limit", TOLERATED_FAILURES);
        result.setting("backend_retry_waittime", PROBE_SECONDS);
        write(trees);
        return result;
    }

    private void reportWhatHoldsForAll() {
        int line = McrouterPools.line(file, file.get("routes").isPresent() ? "routes" : "route");
        report.nearly(
                line,
                "commands",
                "clients may also use what mcrouter refuses: the meta commands go the way of get, set, delete and"
                        + " incr");
        report.exact(line, "gets that fail", "are misses, as without --disable-miss-on-get-errors: miss_on_error");
        report.nearly(
                line,
                "timeouts and failures",
                "1 s (-t) where a pool says nothing; after 3 failures in a row, also to connect, a server is left alone"
                        + " for 10 s each time, up to 60 in mcrouter (--timeouts-until-tko, --probe-timeout-initial)");
        report.missing(line, "asynclog", "deletes that fail are not written to a file to be done later");
        report.nearly(line, "listeners", "mcrouter has them on its command line: give them with -l");
    }

    /** The root of the tree for one command. */
    private Object tree(McrouterCommand command) {
        List<Node> roots = new ArrayList<>();
        file.get("named_handles").ifPresent(roots::add);
        file.get("route").ifPresent(roots::add);
        file.get("routes").ifPresent(roots::add);
        McrouterRoutes routes = new McrouterRoutes(pools, report, roots, command);
        if (file.get("named_handles").orElse(null) instanceof Fields handles) {
            handles.fields().forEach(routes::name);
        }
        if (file.get("route").isPresent() == file.get("routes").isPresent()) {
            throw new ImportException(1, "expected either \"route\" or \"routes\"");
        }
        Optional<Node> single = file.get("route");
        if (single.isPresent()) {
            report.nearly(
                    single.get().line(),
                    "route",
                    "keys such as /region/cluster/key are taken as they are; mcrouter takes off the default routing"
                            + " prefix " + options.routingPrefix() + " and refuses all others");
            return routes.single(single.get());
        }
        return byRoutingPrefix(routes, prefixes(file.get("routes").get()));
    }

    /** The handles by routing prefix, in the order of the file. */
    private Map<String, Node> prefixes(Node routes) {
        Map<String, Node> prefixes = new LinkedHashMap<>();
        if (routes instanceof Fields byPrefix) {
            byPrefix.fields().forEach((prefix, handle) -> prefixes.put(prefix(prefix, handle.line()), handle));
            return prefixes;
        }
        for (Node entry : routes.asList()) {
            if (!(entry instanceof Fields fields)) {
                throw new ImportException(entry.line(), "routes: expected objects with aliases and route");
            }
            Node handle = fields.get("route")
                    .orElseThrow(() -> new ImportException(fields.line(), "routes: needs \"route\""));
            fields.get("aliases")
                    .map(Node::asList)
                    .orElse(List.of())
                    .forEach(alias -> prefixes.put(prefix(alias.asText().orElse(""), alias.line()), handle));
        }
        return prefixes;
    }

    private static String prefix(String text, int line) {
        String prefix = text.endsWith("/") ? text : text + "/";
        if (!ROUTING_PREFIX.matcher(prefix).matches()) {
            throw new ImportException(line, "routes: expected /region/cluster/, got \"" + text + "\"");
        }
        return prefix;
    }

    private Object byRoutingPrefix(McrouterRoutes routes, Map<String, Node> prefixes) {
        int line = McrouterPools.line(file, "routes");
        String local = prefix(options.routingPrefix(), 0);
        if (!prefixes.containsKey(local)) {
            throw new ImportException(
                    line,
                    "no route for the default routing prefix " + local + "; if mcrouter is started with -R PREFIX, say"
                            + " --default-route PREFIX");
        }
        Map<String, Object> trees = new LinkedHashMap<>();
        prefixes.forEach((prefix, handle) -> {
            trees.put(prefix, routes.single(handle));
            report.exact(handle.line(), prefix, "route_prefixes, and route_prefix to take it off");
        });
        trees.forEach((prefix, tree) -> names.putIfAbsent(tree, "route" + prefix.substring(0, prefix.length() - 1)));
        Map<String, Object> children = new LinkedHashMap<>();
        trees.forEach((prefix, tree) -> children.put(prefix, without(prefix, tree)));
        Set<String> regions = new HashSet<>();
        trees.keySet().forEach(prefix -> regions.add(prefix.split("/")[1]));
        for (String region : regions.stream().sorted().toList()) {
            Map<String, Object> inRegion = new LinkedHashMap<>();
            trees.forEach((prefix, tree) -> {
                if (prefix.startsWith("/" + region + "/")) {
                    inRegion.put(prefix, tree);
                }
            });
            String wildcard = "/" + region + "/*/";
            children.put(wildcard, without(wildcard, localFirst(local, inRegion)));
        }
        children.put("/*/*/", without("/*/*/", localFirst(local, trees)));
        report.exact(line, "/*/*/ and /region/*/", "route_split: the first answers, the others do the same");
        report.nearly(
                line,
                "routing prefixes that are not there",
                "keys with them go the way of " + local + " as they are; mcrouter refuses them");
        return McrouterRoutes.call(
                "route_prefixes", "children", children, "default", Objects.requireNonNull(trees.get(local)));
    }

    private static Object without(String prefix, Object tree) {
        return McrouterRoutes.call("route_prefix", "strip", prefix, "child", tree);
    }

    /** Sends to all routes; the local one answers, or else the first. */
    private static Object localFirst(String local, Map<String, Object> trees) {
        Object first = trees.getOrDefault(local, trees.values().iterator().next());
        List<Object> others = trees.values().stream()
                .filter(tree -> !tree.equals(first))
                .distinct()
                .toList();
        if (others.isEmpty()) {
            return first;
        }
        return McrouterRoutes.call(
                "route_split",
                "child_a",
                first,
                "child_b",
                others.size() == 1 ? others.getFirst() : McrouterRoutes.call("route_allasync", "children", others));
    }

    private void write(Map<McrouterCommand, Object> trees) {
        Map<Object, Integer> commands = new LinkedHashMap<>();
        trees.values().forEach(tree -> commands.merge(tree, 1, Integer::sum));
        Object most = commands.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
        trees.forEach((command, tree) -> names.putIfAbsent(tree, command.word() + "_route"));
        SharedRoutes shared = new SharedRoutes(names, result);
        Map<String, Object> byCommand = new LinkedHashMap<>();
        trees.forEach((command, tree) -> {
            if (!tree.equals(most)) {
                byCommand.put(command.word(), root(tree));
            }
        });
        Object others = root(most);
        shared.count(byCommand);
        shared.count(others);
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("miss_on_error", true);
        if (!byCommand.isEmpty()) {
            arguments.put("cmap", shared.write(byCommand));
        }
        arguments.put("default", shared.write(others));
        result.routes(arguments);
    }

    /** A pool by itself is no route. */
    private static Object root(Object tree) {
        return tree instanceof String pool ? McrouterRoutes.call("route_direct", "child", pool) : tree;
    }
}
