package io.memroute.proxy.discovery;

import java.time.Duration;

/**
 * The rules that keep a pool stable while its source changes.
 *
 * @param grace how long a server that has left keeps its slot, down
 * @param debounce how long a change must stand before it is applied
 * @param minShare the part of the slots, 0 to 1, that an answer must have to be applied without confirmation
 * @param confirmAfter how long an answer with fewer must stand until that confirms it
 * @param maxMoved the part of a pool's keys, 0 to 1, that a change may move without confirmation; 1: any
 */
public record DiscoveryRules(
        Duration grace, Duration debounce, double minShare, Duration confirmAfter, double maxMoved) {

    /**
     * A pod is back within a minute, a name server's two answers within two seconds are one change, and half of a fleet
     * gone at once is more often an error of the source than the truth.
     */
    public static final DiscoveryRules DEFAULTS =
            new DiscoveryRules(Duration.ofMinutes(1), Duration.ofSeconds(2), 0.5, Duration.ofMinutes(5), 1);

    /** @throws IllegalArgumentException if a part is not from 0 to 1, or a time is negative */
    public DiscoveryRules {
        if (!(minShare >= 0 && minShare <= 1 && maxMoved >= 0 && maxMoved <= 1)
                || grace.isNegative()
                || debounce.isNegative()
                || confirmAfter.isNegative()) {
            throw new IllegalArgumentException("a rule of discovery is out of range");
        }
    }
}
