package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Every name that a child may give: pools, sets, members of sets. A name whose definition has errors is known too, so
 * that one mistake is not reported again at every use.
 */
final class PoolNames {

    /** The meaning of a name. */
    sealed interface Meaning {

        record Pool(PoolSpec pool) implements Meaning {}

        record PoolSet(PoolSetSpec set) implements Meaning {}

        /** The embedded store. */
        record Internal() implements Meaning {}

        /** Defined, but with errors that have been noted. */
        record Broken() implements Meaning {}

        /** Both a set and a member of another set. */
        record Ambiguous(String otherSet) implements Meaning {}

        /** Nothing. */
        record Unknown() implements Meaning {}
    }

    private final Map<String, PoolSpec> pools = new LinkedHashMap<>();
    private final Map<String, PoolSetSpec> sets = new LinkedHashMap<>();
    private final Map<String, PoolSpec> members = new LinkedHashMap<>();
    private final Map<String, String> setOfMember = new LinkedHashMap<>();
    private final Set<String> broken = new HashSet<>();

    void add(PoolSpec pool) {
        pools.put(pool.name(), pool);
    }

    void add(PoolSetSpec set) {
        sets.put(set.name(), set);
        for (PoolSetSpec.Member member : set.members()) {
            members.put(member.pool().name(), member.pool());
            setOfMember.put(member.pool().name(), set.name());
        }
    }

    void addBroken(String name) {
        broken.add(name);
    }

    Map<String, PoolSpec> pools() {
        return pools;
    }

    Map<String, PoolSetSpec> sets() {
        return sets;
    }

    Meaning meaning(String name) {
        if (name.equals(PoolSpec.INTERNAL)) {
            return new Meaning.Internal();
        }
        PoolSpec pool = pools.getOrDefault(name, members.get(name));
        PoolSetSpec set = sets.get(name);
        if (pool != null) {
            return set == null
                    ? new Meaning.Pool(pool)
                    : new Meaning.Ambiguous(Objects.requireNonNull(setOfMember.get(name)));
        }
        if (set != null) {
            return new Meaning.PoolSet(set);
        }
        boolean isBroken = broken.contains(name)
                || broken.stream().anyMatch(some -> PoolsReader.isSetName(some) && name.startsWith(some + "_"));
        return isBroken ? new Meaning.Broken() : new Meaning.Unknown();
    }

    /** Every name there is, for suggestions. */
    List<String> all() {
        List<String> all = new ArrayList<>(pools.keySet());
        all.addAll(sets.keySet());
        all.addAll(members.keySet());
        all.addAll(broken);
        all.add(PoolSpec.INTERNAL);
        return all;
    }
}
