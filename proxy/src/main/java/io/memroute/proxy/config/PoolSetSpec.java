package io.memroute.proxy.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A named group of pools.
 *
 * @param name the full name, {@code set_} included
 * @param members at least one; numbered members in the order of their numbers, then named ones in the order of their
 *     names, because a Lua table does not keep the order in which it was written
 */
public record PoolSetSpec(String name, List<Member> members, SourceLocation where) {

    /**
     * @param key the zone's name, or the position in an array as a decimal number
     * @param pool a pool of the set alone, named {@code SET_KEY}
     */
    public record Member(String key, PoolSpec pool) {

        public Member {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(pool, "pool");
        }
    }

    public PoolSetSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(where, "where");
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("set \"" + name + "\" has no members");
        }
    }

    public Optional<PoolSpec> member(String key) {
        return members.stream()
                .filter(member -> member.key().equals(key))
                .map(Member::pool)
                .findFirst();
    }
}
