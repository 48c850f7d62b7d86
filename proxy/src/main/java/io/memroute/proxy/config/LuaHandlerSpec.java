package io.memroute.proxy.config;

import io.memroute.protocol.Command;
import java.util.ArrayList;
import java.util.List;
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
 * @see "route-library.md section 4"
 */
public record LuaHandlerSpec(
        String handler, String label, Optional<Command> command, HandlerValue.Table arguments, SourceLocation where)
        implements RouteSpec {

    /** What begins the names of arguments that are children. */
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
}
