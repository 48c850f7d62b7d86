package io.memroute.proxy.explain;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSource;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.discovery.SourceAddress;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.ServerName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The changes of a pool's servers that sources name, by their labels.
 *
 * @param down servers whose slots are kept, down
 * @param back servers that are in their slots again
 * @param moved servers that have another address under the same name
 * @param movedShare the share of the pool's keys, 0 to 1, that have another server; a server with another address is
 *     the same one
 */
public record SlotChange(
        String pool,
        Set<SourceAddress> sources,
        List<String> added,
        List<String> removed,
        List<String> down,
        List<String> back,
        List<String> moved,
        double movedShare) {

    public SlotChange {
        sources = Set.copyOf(sources);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        down = List.copyOf(down);
        back = List.copyOf(back);
        moved = List.copyOf(moved);
    }

    /**
     * Compares the pools with sources that are in both configurations.
     *
     * @param sample bounds the keys that are hashed
     */
    public static List<SlotChange> between(RoutePlan before, RoutePlan after, Sample sample) {
        Map<String, PoolSpec> old = new LinkedHashMap<>();
        before.config().allPools().forEach(pool -> old.put(pool.name(), pool));
        List<InBoth> pools = after.config()
                .allPools()
                .filter(pool -> !pool.sources().isEmpty())
                .flatMap(pool -> Optional.ofNullable(old.get(pool.name())).map(was -> new InBoth(was, pool)).stream())
                .toList();
        int keys = sample.keysOfEach((int) pools.stream()
                .filter(pool -> !placesAlike(pool.was(), pool.is()))
                .count());
        return pools.stream()
                .map(pool -> change(
                        pool.was(),
                        pool.is(),
                        movedShare(
                                before.distributor(pool.was()),
                                pool.was(),
                                after.distributor(pool.is()),
                                pool.is(),
                                keys)))
                .flatMap(Optional::stream)
                .toList();
    }

    private record InBoth(PoolSpec was, PoolSpec is) {}

    /**
     * The keys that are hashed to find out what moves.
     *
     * @param most for one pool
     * @param least for one pool
     * @param total for all pools that have changed, as far as {@code least} lets it
     */
    public record Sample(int most, int least, int total) {

        int keysOfEach(int changedPools) {
            return Math.clamp(total / Math.max(1, changedPools), least, most);
        }
    }

    private static boolean placesAlike(PoolSpec old, PoolSpec now) {
        return old.servers().equals(now.servers()) && old.options().equals(now.options());
    }

    private static Optional<SlotChange> change(PoolSpec old, PoolSpec now, double movedShare) {
        Map<String, BackendSpec> was = byLabel(old);
        Map<String, BackendSpec> is = byLabel(now);
        List<String> added = new ArrayList<>();
        List<String> down = new ArrayList<>();
        List<String> back = new ArrayList<>();
        List<String> moved = new ArrayList<>();
        is.forEach((label, backend) -> {
            BackendSpec before = was.get(label);
            if (before == null) {
                added.add(label);
                return;
            }
            if (!before.address().equals(backend.address())) {
                moved.add(label);
            }
            if (before.down() != backend.down()) {
                (backend.down() ? down : back).add(label);
            }
        });
        List<String> removed =
                was.keySet().stream().filter(label -> !is.containsKey(label)).toList();
        boolean same = added.isEmpty() && removed.isEmpty() && down.isEmpty() && back.isEmpty() && moved.isEmpty();
        return same
                ? Optional.empty()
                : Optional.of(new SlotChange(
                        now.name(),
                        now.sources().stream().map(PoolSource::address).collect(Collectors.toSet()),
                        added,
                        removed,
                        down,
                        back,
                        moved,
                        movedShare));
    }

    private static Map<String, BackendSpec> byLabel(PoolSpec pool) {
        Map<String, BackendSpec> backends = new LinkedHashMap<>();
        pool.backends().forEach(backend -> backends.put(backend.label(), backend));
        return backends;
    }

    private static double movedShare(
            KeyDistributor oldKeys, PoolSpec old, KeyDistributor newKeys, PoolSpec now, int keys) {
        if (placesAlike(old, now)) {
            return 0;
        }
        int[] moved = new int[1];
        KeySample.generated(keys).forEach("", request -> {
            ServerName was =
                    old.servers().get(oldKeys.select(request.buffer(), request.keyIndex(), request.keyLength()));
            ServerName is =
                    now.servers().get(newKeys.select(request.buffer(), request.keyIndex(), request.keyLength()));
            if (!was.equals(is)) {
                moved[0]++;
            }
        });
        return (double) moved[0] / keys;
    }

    /** The change in one line. */
    public String text() {
        StringBuilder text = new StringBuilder("pool \"").append(pool).append("\": ");
        List<String> parts = new ArrayList<>();
        part(parts, "new: ", added);
        part(parts, "gone: ", removed);
        part(parts, "gone, slot kept: ", down);
        part(parts, "back: ", back);
        part(parts, "at another address: ", moved);
        return text.append(String.join("; ", parts))
                .append(String.format(Locale.ROOT, "; %.1f %% of its keys move", 100 * movedShare))
                .toString();
    }

    private static void part(List<String> parts, String what, List<String> labels) {
        if (!labels.isEmpty()) {
            parts.add(what + String.join(", ", labels));
        }
    }
}
