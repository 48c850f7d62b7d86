package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.config.SharedObject;

/**
 * A token bucket that scripts call: {@code mcp.ratelim_tbf} for one worker, {@code mcp.ratelim_global_tbf} for all.
 *
 * @see "docs/reference/proxy-api.md section 3.15"
 */
public final class RateLimiter extends LuaUserdata implements CopiedValue.Shared, SharedObject {

    private static final String TYPE_NAME = "mcp.ratelim_tbf";
    private static final long MAX_ARGUMENT = 4_294_967_294L;

    private final Bucket bucket;

    private RateLimiter(LuaTable meta, Bucket bucket) {
        super(meta);
        this.bucket = bucket;
    }

    /** The same bucket in another state. */
    @Override
    public RateLimiter in(LuaTable metaOfState) {
        return new RateLimiter(metaOfState, bucket);
    }

    /** A full limiter of the same kind in another state, with a bucket of its own. */
    @Override
    public RateLimiter afresh(LuaTable metaOfState) {
        return new RateLimiter(metaOfState, bucket.full(System.nanoTime() / 1_000_000));
    }

    /** The metatable of a state's limiters: they are called with a number of tokens. */
    public static LuaTable meta() {
        return new LuaTable().put("__name", LuaString.of(TYPE_NAME)).put("__call", new Function2("ratelim_tbf") {
            @Override
            public Object call(LuaState L, Object self, Object tokens) {
                RateLimiter limiter = Args.userdata(L, self, 1, RateLimiter.class, TYPE_NAME);
                return limiter.bucket.take(tokens instanceof Long n ? n : 0, System.nanoTime() / 1_000_000);
            }
        });
    }

    /** Reads {@code limit}, {@code fillrate} and {@code tickrate}. */
    public static RateLimiter read(LuaState L, LuaTable meta, Object arguments) {
        LuaTable table = Args.table(L, arguments, 1);
        return new RateLimiter(
                meta,
                new Bucket(
                        argument(L, table, "limit", 0),
                        Math.max(1, argument(L, table, "fillrate", 1)),
                        Math.max(1, argument(L, table, "tickrate", 1)),
                        System.nanoTime() / 1_000_000));
    }

    private static long argument(LuaState L, LuaTable table, String key, long otherwise) {
        Object value = L.index(table, LuaString.of(key));
        if (value == null) {
            return otherwise;
        }
        long number = Args.integer(L, value, 1);
        if (number < 0 || number > MAX_ARGUMENT) {
            throw new LuaError("mcp.ratelim_tbf: arguments must be unsigned 32 bit integer");
        }
        return number;
    }

    /** Thread safe, as workers may share it; an uncontended lock costs little beside the call from Lua. */
    static final class Bucket {
        private final long limit;
        private final long fillRate;
        private final long tickMillis;
        private long tokens;
        private long filledMillis;

        /** Makes a full bucket. */
        Bucket(long limit, long fillRate, long tickMillis, long nowMillis) {
            this.limit = limit;
            this.fillRate = fillRate;
            this.tickMillis = tickMillis;
            this.tokens = limit;
            this.filledMillis = nowMillis;
        }

        Bucket full(long nowMillis) {
            return new Bucket(limit, fillRate, tickMillis, nowMillis);
        }

        /** Takes so many tokens if there are more than that, else none. */
        synchronized boolean take(long wanted, long nowMillis) {
            long passed = nowMillis - filledMillis;
            if (passed > tickMillis) {
                long ticks = passed / tickMillis;
                filledMillis += ticks * tickMillis;
                tokens = ticks >= limit ? limit : Math.min(limit, tokens + ticks * fillRate);
            }
            if (tokens <= wanted) {
                return false;
            }
            tokens -= wanted;
            return true;
        }
    }
}
