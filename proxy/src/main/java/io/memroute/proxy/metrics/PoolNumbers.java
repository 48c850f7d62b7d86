package io.memroute.proxy.metrics;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ProxyConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A pool of the configuration in force.
 *
 * @param backends the labels of its members, in their order
 * @param up how many of them are {@link BackendNumbers.State#UP}
 * @param readTimeoutSeconds the shortest of its members; 0 if none of them has one
 * @param traffic the sums over its members; a server that several pools list counts for each of them
 * @param shares by member, in their order: its share of the pool's requests, from 0 to 1; 0 before the first request
 */
public record PoolNumbers(
        String name, List<String> backends, int up, double readTimeoutSeconds, Traffic traffic, List<Double> shares) {

    /** The load of the busiest member in comparison with the mean of all: 1 is even; 0 before the first request. */
    public double imbalance() {
        return imbalance(shares);
    }

    /** The same of other {@link #shares}, as those of an interval. */
    public static double imbalance(List<Double> shares) {
        return shares.stream().mapToDouble(Double::doubleValue).max().orElse(0) * shares.size();
    }

    /**
     * The members' shares of other traffic, as that of an interval.
     *
     * @param traffic by label
     */
    public List<Double> shares(Map<String, Traffic> traffic) {
        return shares(backends, traffic);
    }

    /** The pools that have connections, in the order of the configuration. */
    public static List<PoolNumbers> of(ProxyConfig config, List<BackendNumbers> backends) {
        Map<String, BackendNumbers> byLabel =
                backends.stream().collect(Collectors.toMap(BackendNumbers::label, Function.identity()));
        Map<String, Traffic> traffic =
                backends.stream().collect(Collectors.toMap(BackendNumbers::label, BackendNumbers::traffic));
        Map<String, PoolNumbers> pools = new LinkedHashMap<>();
        config.allPools().forEach(pool -> {
            List<String> labels =
                    pool.backends().stream().map(BackendSpec::label).toList();
            List<BackendNumbers> known =
                    labels.stream().map(byLabel::get).filter(Objects::nonNull).toList();
            if (!known.isEmpty()) {
                int up = (int) known.stream()
                        .filter(backend -> backend.state() == BackendNumbers.State.UP)
                        .count();
                pools.putIfAbsent(
                        pool.name(),
                        new PoolNumbers(
                                pool.name(),
                                labels,
                                up,
                                readTimeoutSeconds(pool.backends()),
                                sum(known),
                                shares(labels, traffic)));
            }
        });
        return List.copyOf(pools.values());
    }

    private static double readTimeoutSeconds(List<BackendSpec> members) {
        return members.stream()
                .mapToDouble(member -> member.readTimeout().toNanos() / 1e9)
                .filter(seconds -> seconds > 0)
                .min()
                .orElse(0);
    }

    /** The sums over the servers of a pool, one that it lists twice counted once. */
    private static Traffic sum(List<BackendNumbers> members) {
        return members.stream().distinct().map(BackendNumbers::traffic).reduce(Traffic.NONE, Traffic::plus);
    }

    private static List<Double> shares(List<String> labels, Map<String, Traffic> traffic) {
        // A server that is listed twice gets what two places get.
        Map<String, Long> places =
                labels.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<Double> requests = labels.stream()
                .map(label ->
                        traffic.getOrDefault(label, Traffic.NONE).requests() / (double) places.getOrDefault(label, 1L))
                .toList();
        double all = requests.stream().mapToDouble(Double::doubleValue).sum();
        return all == 0 ? requests : requests.stream().map(each -> each / all).toList();
    }
}
