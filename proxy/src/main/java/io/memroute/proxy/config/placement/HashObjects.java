package io.memroute.proxy.config.placement;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.hash.HashFunction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The opaque values of one Lua state that configurations give as {@code dist} and {@code hash}:
 * {@code mcp.dist_jump_hash}, {@code mcp.dist_ring_hash}, {@code mcp.hash_xxhash} and {@code mcp.dist_ring_hash.hash}.
 */
public final class HashObjects {

    /** A distribution by name. */
    public enum DistributionName {
        JUMP,
        RING
    }

    private static final class Handle extends LuaUserdata {

        private final Object meaning;

        Handle(Object meaning) {
            super(null);
            this.meaning = meaning;
        }
    }

    private final LuaTable jump = new LuaTable().put("new", new Handle(DistributionName.JUMP));
    private final LuaTable ring =
            new LuaTable().put("new", new Handle(DistributionName.RING)).put("hash", new Handle(HashFunction.MD5));
    private final LuaUserdata xxhash = new Handle(HashFunction.XXH3);

    /** Adds the values to the table {@code mcp}. */
    public void addTo(LuaTable mcp) {
        mcp.put("dist_jump_hash", jump);
        mcp.put("dist_ring_hash", ring);
        mcp.put("hash_xxhash", xxhash);
    }

    /** The distribution that a value stands for: a copy of the table counts, as in memcached. */
    public static Optional<DistributionName> distribution(@Nullable Object value) {
        return value instanceof LuaTable table
                        && table.get("new") instanceof Handle handle
                        && handle.meaning instanceof DistributionName name
                ? Optional.of(name)
                : Optional.empty();
    }

    /** The hash function that a value stands for. */
    public static Optional<HashFunction> hash(@Nullable Object value) {
        return value instanceof Handle handle && handle.meaning instanceof HashFunction function
                ? Optional.of(function)
                : Optional.empty();
    }
}
