package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import io.memroute.app.importing.Node.Scalar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Translates the tree of mcrouter's route handles for one command: many of them mean something else for gets than for
 * deletes. A child is the name of a pool or the call of a handler.
 */
final class McrouterRoutes {

    /** More than this is a name that stands for itself. */
    private static final int DEEPEST = 100;

    /** Many times what a site has; names that stand for names twice over become more in no time. */
    private static final int MOST = 10_000;

    private static final Map<String, McrouterHandle.Kind> KINDS = Stream.of(
                    PoolHandles.ALL,
                    AllHandles.ALL,
                    FailoverHandles.ALL,
                    SelectorHandles.ALL,
                    ChangeHandles.ALL,
                    MoveHandles.ALL,
                    TrafficHandles.ALL,
                    EndHandles.ALL)
            .flatMap(List::stream)
            .collect(Collectors.toMap(McrouterHandle.Kind::type, Function.identity()));

    private final McrouterPools pools;
    private final Report report;
    private final Map<String, Node> named = new HashMap<>();
    private final McrouterCommand command;
    private int depth;
    private int count;

    /** @param roots where handles with names are: later texts may be these names */
    McrouterRoutes(McrouterPools pools, Report report, List<Node> roots, McrouterCommand command) {
        this.pools = pools;
        this.report = report;
        this.command = command;
        roots.forEach(this::collectNames);
    }

    private void collectNames(Node node) {
        switch (node) {
            case Fields fields -> {
                if (fields.get("type").isPresent()) {
                    // Both may be prefixes of keys, with routes.
                    fields.get("name")
                            .flatMap(Node::asText)
                            .ifPresent(name -> named.putIfAbsent(name, fields.without("name")));
                }
                fields.fields().values().forEach(this::collectNames);
            }
            case Items items -> items.items().forEach(this::collectNames);
            case Scalar text -> {}
        }
    }

    McrouterPools pools() {
        return pools;
    }

    Report report() {
        return report;
    }

    /** The command that the tree is for. */
    McrouterCommand command() {
        return command;
    }

    /** Adds a handle under a name that is not its own. */
    void name(String name, Node handle) {
        named.putIfAbsent(name, handle);
    }

    /** The one route that stands somewhere. */
    Object single(Node node) {
        List<Object> all = several(node);
        if (all.size() != 1) {
            throw new ImportException(node.line(), "expected one route, got " + all.size());
        }
        return all.getFirst();
    }

    /** All routes that stand somewhere. */
    List<Object> several(Node node) {
        if (++depth > DEEPEST) {
            throw new ImportException(node.line(), node.shown() + ": nested too deeply; a route is its own child");
        }
        if (++count > MOST) {
            throw new ImportException(
                    node.line(), "more than " + MOST + " routes when those with names are written out");
        }
        try {
            return switch (node) {
                case Items list ->
                    list.items().stream()
                            .flatMap(item -> several(item).stream())
                            .toList();
                case Scalar text -> ofText(text);
                case Fields object -> {
                    String type = object.text("type")
                            .orElseThrow(() -> new ImportException(object.line(), "a route needs \"type\""));
                    if (KINDS.containsKey(type)) {
                        report.unknown(type + ".", object, KINDS.get(type).keys());
                    }
                    yield of(type, object);
                }
            };
        } finally {
            depth--;
        }
    }

    /** A name, {@code TYPE}, or {@code TYPE|REST}. */
    private List<Object> ofText(Scalar text) {
        if (text.text().isEmpty()) {
            return List.of();
        }
        Node handle = named.get(text.text());
        if (handle != null) {
            return several(handle);
        }
        int bar = text.text().indexOf('|');
        String type = bar < 0 ? text.text() : text.text().substring(0, bar);
        if (bar < 0 && !KINDS.containsKey(type)) {
            throw new ImportException(text.line(), "there is no route \"" + text.text() + "\"");
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        if (bar >= 0) {
            Scalar rest = new Scalar(text.text().substring(bar + 1), true, text.line());
            for (String key : List.of(McrouterHandle.CHILDREN, McrouterHandle.TARGET, "pool", "response")) {
                fields.put(key, rest);
            }
        }
        return of(type, new Fields(fields, text.line()));
    }

    private List<Object> of(String type, Fields fields) {
        McrouterHandle handle = new McrouterHandle(type, fields, this);
        McrouterHandle.Kind kind = KINDS.get(type);
        return kind == null
                ? List.of(EndHandles.unsupported(handle))
                : kind.translation().apply(handle);
    }

    /** @param namesAndValues in turn */
    static Lua.Call call(String function, Object... namesAndValues) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Lua.Call(function, arguments);
    }
}
