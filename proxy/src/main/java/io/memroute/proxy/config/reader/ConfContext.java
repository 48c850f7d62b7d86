package io.memroute.proxy.config.reader;

import io.memroute.lua.Args;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.protocol.Command;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.library.UserCounterNames;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.handler.RoutePosition;
import java.util.List;
import java.util.Optional;

/**
 * {@code ctx} in {@code route_NAME_conf(arguments, ctx)}: where the route stands, and what it may ask for.
 *
 * @see "docs/reference/route-library.md section 4.2"
 */
public final class ConfContext extends LuaUserdata {

    private static final String TYPE_NAME = "routelib.context";

    private final RoutePosition position;

    private ConfContext(LuaTable meta, RoutePosition position) {
        super(meta);
        this.position = position;
    }

    /** Makes the contexts of one load. */
    static final class Maker {
        private final PoolNames names;
        private final Optional<String> localZone;
        private final UserCounterNames counters;
        private final LuaTable meta;

        Maker(PoolNames names, Optional<String> localZone, UserCounterNames counters) {
            this.names = names;
            this.localZone = localZone;
            this.counters = counters;
            LuaTable methods = new LuaTable();
            methods.put(
                    "label",
                    LuaFunction.of(
                            "label", (L, self) -> LuaString.of(position(L, self).label())));
            methods.put("cmd", LuaFunction.of("cmd", (L, self) ->
                    (long) position(L, self).command().map(Command::id).orElse(McpConstants.ANY_STORAGE)));
            methods.put(
                    "local_zone",
                    LuaFunction.of(
                            "local_zone",
                            (L, self) ->
                                    this.localZone.<Object>map(LuaString::of).orElse(null)));
            methods.put(
                    "get_stats_id",
                    LuaFunction.of("get_stats_id", (L, self, name) -> this.counters.indexOf(Args.string(L, name, 2))));
            // What memcached's documentation and example call it; its library does not have it.
            methods.put("stats_get_id", methods.get("get_stats_id"));
            methods.put("check_child", LuaFunction.of("check_child", (L, self, name) -> checkChild(L, name)));
            methods.put(
                    "expand_children",
                    LuaFunction.of(
                            "expand_children",
                            (L, self, children) ->
                                    children instanceof LuaTable ? children : expandChildren(L, children)));
            this.meta = new LuaTable().put("__index", methods).put("__name", LuaString.of(TYPE_NAME));
        }

        ConfContext at(RoutePosition position) {
            return new ConfContext(meta, position);
        }

        private static RoutePosition position(LuaState L, Object self) {
            return Args.userdata(L, self, 1, ConfContext.class, TYPE_NAME).position;
        }

        private Object checkChild(LuaState L, Object child) {
            if (child instanceof RouteTerm) {
                return true;
            }
            String name = Args.string(L, child, 2).toString();
            if (names.meaning(name) instanceof PoolNames.Meaning.Unknown) {
                throw L.error("no pool named " + LuaValues.quote(name) + NearestName.hint(name, names.all()));
            }
            return true;
        }

        private Object expandChildren(LuaState L, Object child) {
            String name = Args.string(L, child, 2).toString();
            if (!(names.meaning(name) instanceof PoolNames.Meaning.PoolSet(PoolSetSpec set))) {
                throw L.error("no set named " + LuaValues.quote(name) + NearestName.hint(name, names.all()));
            }
            List<PoolSetSpec.Member> members = set.members();
            LuaTable expanded = new LuaTable();
            for (int i = 0; i < members.size(); i++) {
                expanded.put(
                        HandlerValue.key(members.get(i).key(), i).value(),
                        LuaString.of(members.get(i).pool().name()));
            }
            return expanded;
        }
    }
}
