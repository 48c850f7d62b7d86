package io.memroute.proxy.script.slot;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.script.object.PoolProxy;

/**
 * The methods of function generators.
 *
 * @see "docs/reference/proxy-api.md section 3.7"
 */
final class GeneratorMethods {

    /** Bounds names in {@code stats proxyfuncs}. */
    private static final int MAX_NAME_BYTES = 80;

    private static final int MAX_USER_OBJECTS = 255;

    private GeneratorMethods() {}

    static LuaTable meta() {
        LuaTable methods = new LuaTable();
        methods.put("new_handle", LuaFunction.of("new_handle", GeneratorMethods::newHandle));
        methods.put("ready", LuaFunction.of("ready", GeneratorMethods::ready));
        return new LuaTable().put("__index", methods).put("__name", LuaString.of(FunctionGenerator.TYPE_NAME));
    }

    private static FunctionGenerator open(LuaState L, Object self) {
        FunctionGenerator generator = Args.userdata(L, self, 1, FunctionGenerator.class, FunctionGenerator.TYPE_NAME);
        if (generator.isReady()) {
            throw new LuaError("cannot modify function generator after calling ready");
        }
        return generator;
    }

    private static Object newHandle(LuaState L, Object self, Object target) {
        FunctionGenerator generator = open(L, self);
        return (long) generator.addHandle(
                switch (target) {
                    case PoolProxy pool -> new FunctionGenerator.ToRoute(pool.route());
                    case FunctionGenerator below -> new FunctionGenerator.ToFunction(below);
                    case RouterObject router -> throw new LuaError("cannot assign a router to a handle in new_handle");
                    case null, default -> throw new LuaError("invalid argument to new_handle");
                });
    }

    private static Object ready(LuaState L, Object self, Object arguments) {
        FunctionGenerator generator = open(L, self);
        LuaTable table = Args.table(L, arguments, 2);
        if (!(L.index(table, LuaString.of("f")) instanceof LuaFunction function)) {
            throw new LuaError("Must specify generator function ('f') to fgen:ready");
        }
        Object userObjects = L.index(table, LuaString.of("u"));
        long count = 0;
        if (userObjects != null) {
            count = Args.integer(L, userObjects, 2);
            if (count < 1 || count > MAX_USER_OBJECTS) {
                throw new LuaError("user obj ('u') in fgen:ready must be between 1 and 255");
            }
        }
        LuaString name =
                Args.optString(L, L.index(table, LuaString.of("n")), 2, LuaString.of(FunctionGenerator.UNNAMED));
        generator.ready(
                function,
                L.index(table, LuaString.of("a")),
                name.substring(0, Math.min(name.length(), MAX_NAME_BYTES)).toString(),
                (int) count);
        return Results.NONE;
    }
}
