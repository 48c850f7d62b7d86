package io.memroute.proxy.handler;

import io.memroute.lua.LuaString;
import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.route.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A route whose handler is written in Lua: what {@code route_NAME_conf} made of its arguments, for
 * {@code route_NAME_start} on each worker.
 *
 * @param handler the {@code NAME}
 * @param label of its place in the tree: the prefix, {@code cmdmap} or {@code default}
 * @param command the only command that gets there; empty if several do
 * @param arguments with children in place of their names
 * @see "docs/reference/route-library.md section 4"
 */
public record LuaHandlerSpec(
        String handler, String label, Optional<Command> command, HandlerValue.Table arguments, SourceLocation where)
        implements HandlerSpec {

    /** Begins the names of arguments that are children. */
    public static final String CHILD = "child";

    private static final String CHILDREN = "children";

    public LuaHandlerSpec {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(where, "where");
    }

    /**
     * Everything it may send to, in the order of the arguments. The key is that of {@code children} or of a set there,
     * the argument for a single child, and both for tables under other names.
     */
    @Override
    public List<ZonedChild> children() {
        List<ZonedChild> children = new ArrayList<>();
        for (HandlerValue.Entry argument : arguments.entries()) {
            switch (argument.value()) {
                case HandlerValue.Child(ChildSpec child) -> children.add(new ZonedChild(argument.name(), child));
                case HandlerValue.Table(List<HandlerValue.Entry> entries)
                when argument.name().startsWith(CHILD) -> {
                    for (HandlerValue.Entry entry : entries) {
                        if (entry.value() instanceof HandlerValue.Child(ChildSpec child)) {
                            String key = argument.name().equals(CHILDREN)
                                    ? entry.name()
                                    : argument.name() + "." + entry.name();
                            children.add(new ZonedChild(key, child));
                        }
                    }
                }
                default -> {}
            }
        }
        return children;
    }

    /** Arguments that are no children. */
    @Override
    public void show(Shown to) {
        arguments.entries().stream()
                .filter(entry -> !entry.name().startsWith(CHILD))
                .forEach(entry -> to.put(entry.name(), shown(entry.value())));
    }

    private static Object shown(HandlerValue value) {
        return switch (value) {
            case HandlerValue.Text(LuaString text) -> text.toString();
            case HandlerValue.Plain plain -> plain.value();
            case HandlerValue.Shared shared -> "(one for all workers)";
            case HandlerValue.Child child -> throw new IllegalArgumentException("a child among plain values");
            case HandlerValue.Table(List<HandlerValue.Entry> entries) -> {
                Map<String, Object> table = new LinkedHashMap<>();
                entries.forEach(entry -> table.put(entry.name(), shown(entry.value())));
                yield table;
            }
        };
    }

    @Override
    public String words(Request any) {
        return "a function in Lua decides from here on"
                + (children().isEmpty() ? "; it has no children" : ": which children it asks, what it answers");
    }

    @Override
    public Spread spread() {
        return Spread.ALL;
    }

    @Override
    public Changes changes() {
        return Changes.NONE;
    }

    @Override
    public boolean chance() {
        return false;
    }

    @Override
    public boolean inSteps() {
        return true;
    }

    @Override
    public List<ZonedChild> gutters() {
        return List.of();
    }

    @Override
    public void review(Review review) {}

    @Override
    public Route compile(Parts parts) {
        return parts.inLua(this);
    }
}
