package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The argument {@code child_wrap}: one route written for a handler with a {@code child}, standing for as many routes as
 * there are children, each with one of them as its {@code child}. The keys, and so the zones, stay.
 */
final class ChildWrap {

    private static final LuaString ARGUMENT = LuaString.constant("child_wrap");
    private static final LuaString CHILD = LuaString.constant("child");

    /** Bounds wraps of wraps, and finds one that wraps itself. */
    private static final int MAX_DEPTH = 16;

    private final PoolNames names;

    ChildWrap(PoolNames names) {
        this.names = names;
    }

    /** One of the routes that a wrap stands for. */
    record Wrapped(String zone, RouteTerm route) {}

    static boolean isWrap(RouteTerm call) {
        return call.hasArguments() && call.arguments().get(ARGUMENT) != null;
    }

    /** The routes that a call stands for; empty if it has errors, which have been noted. */
    Optional<List<Wrapped>> expand(RouteTerm call, Findings findings) {
        return expand(call, findings, 0);
    }

    private Optional<List<Wrapped>> expand(RouteTerm call, Findings findings, int depth) {
        call.read();
        Section arguments = new Section(call.arguments(), call.function(), "argument", call.place(), findings);
        if (arguments.has("child")) {
            arguments.fail("child_wrap", "already gives the children; leave out child");
            return Optional.empty();
        }
        if (depth > MAX_DEPTH) {
            arguments.fail("child_wrap", "is nested more than " + MAX_DEPTH + " deep; does it wrap itself?");
            return Optional.empty();
        }
        List<Wrapped> wrapped = new ArrayList<>();
        switch (Objects.requireNonNull(arguments.value("child_wrap"))) {
            case LuaTable table when table.next(-1) < 0 -> arguments.fail("child_wrap", "is empty");
            case LuaTable table ->
                LuaValues.inOrder(table)
                        .forEach(entry ->
                                wrapped.add(new Wrapped(entry.plainKey().toString(), wrap(call, entry.value()))));
            case LuaString name
            when names.meaning(name.toString()) instanceof PoolNames.Meaning.PoolSet(PoolSetSpec set) ->
                set.members()
                        .forEach(member -> wrapped.add(new Wrapped(
                                member.key(),
                                wrap(call, LuaString.of(member.pool().name())))));
            case LuaString name
            when names.meaning(name.toString()) instanceof PoolNames.Meaning.Broken -> {
                return Optional.empty();
            }
            case RouteTerm inner
            when isWrap(inner) -> {
                Optional<List<Wrapped>> expanded = expand(inner, findings, depth + 1);
                if (expanded.isEmpty()) {
                    return expanded;
                }
                expanded.get().forEach(one -> wrapped.add(new Wrapped(one.zone(), wrap(call, one.route()))));
            }
            case Object other ->
                arguments.expected(
                        "child_wrap", "a set, a list of pools and routes, or a route with child_wrap", other);
        }
        return wrapped.isEmpty() ? Optional.empty() : Optional.of(wrapped);
    }

    /** The call with a child instead of the wrap. */
    private static RouteTerm wrap(RouteTerm call, Object child) {
        LuaTable arguments = new LuaTable();
        for (LuaValues.Entry entry : LuaValues.inOrder(call.arguments())) {
            arguments.put(entry.key(), entry.value());
        }
        arguments.put(ARGUMENT, null);
        arguments.put(CHILD, child);
        return new RouteTerm(call.metatable(), call.handler(), Optional.of(arguments), call.place());
    }
}
