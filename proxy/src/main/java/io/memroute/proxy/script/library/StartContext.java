package io.memroute.proxy.script.library;

import io.memroute.lua.Args;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.protocol.Command;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.HandlerProgram;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.handler.LuaHandlerSpec;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code ctx} in {@code route_NAME_start(arguments, ctx, fgen)}. Each route has its own, which never changes.
 *
 * @see "docs/reference/route-library.md section 4.3"
 */
final class StartContext extends LuaUserdata {
    private static final String TYPE_NAME = "routelib.context";

    private final LuaHandlerSpec spec;

    private StartContext(LuaTable meta, LuaHandlerSpec spec) {
        super(meta);
        this.spec = spec;
    }

    /** Makes the contexts of one worker. */
    static final class Maker {
        private final ProxyConfig config;
        private final Function<ChildSpec, LuaUserdata> targets;
        private final LuaTable meta;

        /** @param targets the argument of {@code fgen:new_handle} for a child */
        Maker(ProxyConfig config, HandlerProgram program, Function<ChildSpec, LuaUserdata> targets) {
            this.config = config;
            this.targets = targets;
            LuaTable methods = new LuaTable();
            methods.put(
                    "label",
                    LuaFunction.of(
                            "label", (L, self) -> LuaString.of(spec(L, self).label())));
            methods.put(
                    "cmd",
                    LuaFunction.of(
                            "cmd",
                            (L, self) -> spec(L, self)
                                    .command()
                                    .map(Command::id)
                                    .map(Integer::longValue)
                                    .orElse((long) McpConstants.ANY_STORAGE)));
            methods.put(
                    "local_zone",
                    LuaFunction.of(
                            "local_zone",
                            (L, self) -> program.localZone()
                                    .<Object>map(LuaString::of)
                                    .orElse(null)));
            methods.put(
                    "get_child",
                    LuaFunction.of(
                            "get_child",
                            (L, self, name) -> child(L, Args.string(L, name, 2).toString())));
            this.meta = new LuaTable().put("__index", methods).put("__name", LuaString.of(TYPE_NAME));
        }

        StartContext at(LuaHandlerSpec spec) {
            return new StartContext(meta, spec);
        }

        private static LuaHandlerSpec spec(LuaState L, Object self) {
            return Args.userdata(L, self, 1, StartContext.class, TYPE_NAME).spec;
        }

        /** A pool, the embedded store, or a table of a set's members. */
        private Object child(LuaState L, String name) {
            if (name.equals(PoolSpec.INTERNAL)) {
                return targets.apply(new ChildSpec.InternalChild());
            }
            PoolSetSpec set = config.sets().get(name);
            if (set != null) {
                LuaTable members = new LuaTable();
                for (int i = 0; i < set.members().size(); i++) {
                    PoolSetSpec.Member member = set.members().get(i);
                    members.put(
                            HandlerValue.key(member.key(), i).value(),
                            targets.apply(new ChildSpec.PoolChild(member.pool())));
                }
                return members;
            }
            Optional<PoolSpec> pool =
                    config.allPools().filter(one -> one.name().equals(name)).findFirst();
            if (pool.isEmpty()) {
                throw L.error("no pool named \"" + name + "\"");
            }
            return targets.apply(new ChildSpec.PoolChild(pool.get()));
        }
    }
}
