package io.memroute.proxy.script.slot;

import io.memroute.lua.Function2;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import org.jspecify.annotations.Nullable;

/**
 * The methods of request contexts that look at results.
 *
 * @see "docs/reference/proxy-api.md section 3.9, Looking at results"
 */
final class ResultMethods {

    private static final Object NOTHING = Results.of(null, null);

    private ResultMethods() {}

    static void addTo(LuaTable methods) {
        methods.put("res_good", new IfAtLeast("res_good", ResultClass.GOOD));
        methods.put("res_ok", new IfAtLeast("res_ok", ResultClass.OK));
        methods.put("res_any", new IfAtLeast("res_any", ResultClass.ANY));
        methods.put("result", LuaFunction.of("result", ResultMethods::result));
        methods.put(
                "best_result",
                LuaFunction.of(
                        "best_result",
                        (L, self, list) -> choose(L, ContextMethods.of(L, self), list, "best_result", true)));
        methods.put(
                "worst_result",
                LuaFunction.of(
                        "worst_result",
                        (L, self, list) -> choose(L, ContextMethods.of(L, self), list, "worst_result", false)));
    }

    private static Handle handle(LuaState L, Object self, Object number) {
        Handle handle = ContextMethods.handle(ContextMethods.of(L, self), LuaNumber.toInteger(number));
        if (handle == null) {
            throw new LuaError("invalid queue handle passed to :good/:ok:/:any");
        }
        return handle;
    }

    /** The result, if it is not worse than a class. */
    private static final class IfAtLeast extends Function2 {
        private final ResultClass worst;

        IfAtLeast(String name, ResultClass worst) {
            super(name);
            this.worst = worst;
        }

        @Override
        public @Nullable Object call(LuaState L, Object self, Object number) {
            Handle handle = handle(L, self, number);
            return handle.isDone() && handle.resultClass().compareTo(worst) <= 0 ? handle.result() : null;
        }
    }

    private static Object result(LuaState L, Object self, Object number) {
        return described(handle(L, self, number));
    }

    private static Object described(@Nullable Handle handle) {
        return handle == null || !handle.isDone()
                ? NOTHING
                : Results.of(handle.result(), handle.resultClass().flag());
    }

    /** The first good one, else the last of the best class; or the last of the worst class. */
    private static Object choose(LuaState L, RequestContext context, Object list, String method, boolean best) {
        if (!(list instanceof LuaTable numbers)) {
            throw new LuaError("must pass a table to :" + method);
        }
        Handle chosen = null;
        long count = numbers.length();
        for (long i = 1; i <= count; i++) {
            Handle handle = ContextMethods.handle(context, LuaNumber.toInteger(L.index(numbers, i)));
            if (handle == null) {
                throw new LuaError("invalid queue handle passed to " + method);
            }
            if (!handle.isDone()) {
                continue;
            }
            if (best && handle.resultClass() == ResultClass.GOOD) {
                return described(handle);
            }
            int order = chosen == null ? 0 : handle.resultClass().compareTo(chosen.resultClass());
            if (best ? order <= 0 : order >= 0) {
                chosen = handle;
            }
        }
        return described(chosen);
    }
}
