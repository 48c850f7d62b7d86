package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.RoutePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the arguments of a route that name its children, following names to pools and nested routes to their specs. */
final class ChildReader implements Reading.Children {

    private static final String EXPECTED_CHILD = "a pool, a route or \"internal\"";
    private static final String EXPECTED_CHILDREN = "a list or table of pools and routes, or a set";

    private final PoolNames names;
    private final boolean allNamesKnown;
    private final RouteReader routes;
    private final ChildWrap wraps;

    ChildReader(PoolNames names, boolean allNamesKnown, RouteReader routes) {
        this.names = names;
        this.allNamesKnown = allNamesKnown;
        this.routes = routes;
        this.wraps = new ChildWrap(names);
    }

    /** The one child that an argument gives, which must be there. */
    @Override
    public Optional<ChildSpec> child(Section arguments, String key, RoutePosition position) {
        Object value = arguments.value(key);
        if (value == null) {
            arguments.fail("needs " + key + ": " + EXPECTED_CHILD);
            return Optional.empty();
        }
        return read(arguments, key, arguments.place(key), value, position);
    }

    /**
     * The children that an argument gives, at least one; numbered ones first, then named ones in the order of their
     * names.
     */
    @Override
    public Optional<List<ZonedChild>> children(Section arguments, String key, RoutePosition position) {
        Object value = arguments.value(key);
        return switch (value) {
            case null -> {
                arguments.fail("needs " + key + ": " + EXPECTED_CHILDREN);
                yield Optional.empty();
            }
            case LuaString name -> set(arguments, key, name.toString());
            case LuaTable table -> table(arguments, key, table, position);
            case RouteTerm call when ChildWrap.isWrap(call) -> wrapped(arguments, call, position);
            default -> {
                arguments.expected(key, EXPECTED_CHILDREN, value);
                yield Optional.empty();
            }
        };
    }

    /** Whether a name stands for several pools at once. */
    boolean isSet(String name) {
        return names.meaning(name) instanceof PoolNames.Meaning.PoolSet;
    }

    /**
     * The routes that a call with {@code child_wrap} stands for, as a table; empty if it has errors, which have been
     * noted.
     */
    Optional<LuaTable> expand(RouteTerm wrap, Findings findings) {
        return wraps.expand(wrap, findings).map(routesOfChildren -> {
            LuaTable table = new LuaTable();
            for (int i = 0; i < routesOfChildren.size(); i++) {
                ChildWrap.Wrapped wrapped = routesOfChildren.get(i);
                table.put(HandlerValue.key(wrapped.zone(), i).value(), wrapped.route());
            }
            return table;
        });
    }

    private Optional<List<ZonedChild>> set(Section arguments, String key, String name) {
        switch (names.meaning(name)) {
            case PoolNames.Meaning.PoolSet(PoolSetSpec set) -> {
                return Optional.of(set.members().stream()
                        .map(member -> new ZonedChild(member.key(), new ChildSpec.PoolChild(member.pool())))
                        .toList());
            }
            case PoolNames.Meaning.Pool pool ->
                arguments.fail(
                        key,
                        LuaValues.quote(name) + " is one pool; expected a set or a list, as in { "
                                + LuaValues.quote(name) + " }");
            case PoolNames.Meaning.Internal internal ->
                arguments.fail(key, "expected a set or a list, as in { \"internal\" }");
            default -> unusable(arguments, key, arguments.place(key), name, "set");
        }
        return Optional.empty();
    }

    private Optional<List<ZonedChild>> table(Section arguments, String key, LuaTable table, RoutePosition position) {
        List<LuaValues.Entry> entries = LuaValues.inOrder(table);
        if (entries.isEmpty()) {
            arguments.fail(key, "is empty; expected at least one child");
            return Optional.empty();
        }
        Place places = arguments.place(key);
        List<ZonedChild> children = new ArrayList<>();
        long numbered = 0;
        for (LuaValues.Entry entry : entries) {
            Place place = places.field(entry.plainKey());
            if (entry.key() instanceof Long number && number != ++numbered) {
                arguments.fail(key, "entry " + numbered + " of the list is nil");
                return Optional.empty();
            }
            read(arguments, key, place, entry.value(), position)
                    .ifPresent(child ->
                            children.add(new ZonedChild(entry.plainKey().toString(), child)));
        }
        return children.size() == entries.size() ? Optional.of(children) : Optional.empty();
    }

    private Optional<List<ZonedChild>> wrapped(Section arguments, RouteTerm call, RoutePosition position) {
        Optional<List<ChildWrap.Wrapped>> routesOfChildren = wraps.expand(call, arguments.findings());
        if (routesOfChildren.isEmpty()) {
            return Optional.empty();
        }
        List<ZonedChild> children = new ArrayList<>();
        for (ChildWrap.Wrapped wrapped : routesOfChildren.get()) {
            routes.read(wrapped.route(), position.nested())
                    .ifPresent(route -> children.add(new ZonedChild(wrapped.zone(), new ChildSpec.RouteChild(route))));
        }
        return children.size() == routesOfChildren.get().size() ? Optional.of(children) : Optional.empty();
    }

    private Optional<ChildSpec> read(Section arguments, String key, Place place, Object value, RoutePosition position) {
        return switch (value) {
            case LuaString name -> named(arguments, key, place, name.toString());
            case RouteTerm call -> routes.read(call, position.nested()).map(ChildSpec.RouteChild::new);
            default -> {
                arguments
                        .findings()
                        .error(
                                place.where(),
                                arguments.subject() + ": " + key + ": expected " + EXPECTED_CHILD + ", got "
                                        + LuaValues.describe(value));
                yield Optional.empty();
            }
        };
    }

    private Optional<ChildSpec> named(Section arguments, String key, Place place, String name) {
        switch (names.meaning(name)) {
            case PoolNames.Meaning.Pool(PoolSpec pool) -> {
                return Optional.of(new ChildSpec.PoolChild(pool));
            }
            case PoolNames.Meaning.Internal internal -> {
                return Optional.of(new ChildSpec.InternalChild());
            }
            case PoolNames.Meaning.PoolSet(PoolSetSpec set) ->
                arguments
                        .findings()
                        .error(
                                place.where(),
                                arguments.subject() + ": " + key + ": " + LuaValues.quote(name)
                                        + " is a set of pools, not a pool; one of its members is "
                                        + LuaValues.quote(
                                                set.members().getFirst().pool().name()));
            default -> unusable(arguments, key, place, name, "pool");
        }
        return Optional.empty();
    }

    /** Says why a name is neither a pool nor a set that can be used. */
    private void unusable(Section arguments, String key, Place place, String name, String wanted) {
        switch (names.meaning(name)) {
            case PoolNames.Meaning.Ambiguous(String otherSet) ->
                arguments
                        .findings()
                        .error(
                                place.where(),
                                arguments.subject() + ": " + key + ": " + LuaValues.quote(name)
                                        + " is both a set and a member of the set " + LuaValues.quote(otherSet)
                                        + "; rename one of them");
            case PoolNames.Meaning.Unknown unknown
            when allNamesKnown ->
                arguments
                        .findings()
                        .error(
                                place.where(),
                                arguments.subject() + ": no " + wanted + " named " + LuaValues.quote(name)
                                        + NearestName.hint(name, names.all()));
            default -> {}
        }
    }
}
