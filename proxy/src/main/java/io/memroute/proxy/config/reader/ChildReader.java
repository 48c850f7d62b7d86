package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import java.util.Optional;

/** Reads the arguments of a route that name its children, following names to pools and nested routes to their specs. */
final class ChildReader {

    private final PoolNames names;
    private final RouteReader routes;

    /** Whether every pool there is has been read: if a file broke off, an unknown name may have been defined further down. */
    private final boolean allNamesKnown;

    ChildReader(PoolNames names, boolean allNamesKnown, RouteReader routes) {
        this.names = names;
        this.allNamesKnown = allNamesKnown;
        this.routes = routes;
    }

    /** The one child that an argument gives, which must be there. */
    Optional<ChildSpec> child(Section arguments, String key, RoutePosition position) {
        Object value = arguments.value(key);
        if (value == null) {
            arguments.fail("needs " + key + ": a pool, a route or \"internal\"");
            return Optional.empty();
        }
        return read(arguments, key, value, position);
    }

    private Optional<ChildSpec> read(Section arguments, String key, Object value, RoutePosition position) {
        return switch (value) {
            case LuaString name -> named(arguments, key, name.toString());
            case RouteCall call -> routes.read(call, position.nested()).map(ChildSpec.RouteChild::new);
            default -> {
                arguments.expected(key, "a pool, a route or \"internal\"", value);
                yield Optional.empty();
            }
        };
    }

    private Optional<ChildSpec> named(Section arguments, String key, String name) {
        return switch (names.meaning(name)) {
            case PoolNames.Meaning.Pool(PoolSpec pool) -> Optional.of(new ChildSpec.PoolChild(pool));
            case PoolNames.Meaning.Internal() -> Optional.of(new ChildSpec.InternalChild());
            case PoolNames.Meaning.PoolSet(PoolSetSpec set) -> {
                arguments.fail(key, LuaValues.quote(name) + " is a set of pools, not a pool; one of its members is "
                        + LuaValues.quote(set.members().getFirst().pool().name()));
                yield Optional.empty();
            }
            case PoolNames.Meaning.Ambiguous(String otherSet) -> {
                arguments.fail(key, LuaValues.quote(name) + " is both a set and a member of the set "
                        + LuaValues.quote(otherSet) + "; rename one of them");
                yield Optional.empty();
            }
            case PoolNames.Meaning.Broken() -> Optional.empty();
            case PoolNames.Meaning.Unknown() -> {
                if (allNamesKnown) {
                    noPoolNamed(arguments, key, name);
                }
                yield Optional.empty();
            }
        };
    }

    private void noPoolNamed(Section arguments, String key, String name) {
        arguments.errors().add(arguments.place(key).where(), arguments.subject() + ": no pool named "
                + LuaValues.quote(name) + NearestName.hint(name, names.all()));
    }
}
