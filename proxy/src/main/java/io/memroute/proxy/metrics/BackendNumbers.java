package io.memroute.proxy.metrics;

import io.memroute.proxy.backend.BackendCounters;
import io.memroute.proxy.backend.BackendCounters.Count;
import io.memroute.proxy.backend.BackendRegistry;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The numbers of one label, added up over all workers.
 *
 * @param ready connections that answer
 * @param connecting connections that are being made
 * @param bad connections that are marked bad
 * @param traffic requests since the label came into use
 * @param queued requests not answered yet
 * @param mostQueued the most that were not answered at one time on one connection
 * @param handshakes connections that were made and answered the handshake
 * @param reconnects connections lost and reconnected at once
 * @param failures connections lost or not made, by memcached's word for the reason; every word is there
 * @param lastFailure the last of them; empty if there was none
 */
public record BackendNumbers(
        String label,
        String address,
        State state,
        int ready,
        int connecting,
        int bad,
        Traffic traffic,
        long queued,
        long mostQueued,
        long handshakes,
        long reconnects,
        Map<String, Long> failures,
        Optional<LastFailure> lastFailure) {

    /**
     * A connection that was lost, or not made.
     *
     * @param reason memcached's word
     * @param meaning for people; completes "lost because ..."
     */
    public record LastFailure(Instant time, String reason, String meaning) {}

    /** The state of a backend for all workers together. */
    public enum State {
        /** At least one connection answers, and none is marked bad. */
        UP,
        /** No connection answers yet, and none is marked bad. */
        CONNECTING,
        /** At least one connection is marked bad: its requests fail at once. */
        BAD,
        /** Configured as down. */
        DOWN
    }

    /** Adds up readings by label, in the order of labels. */
    public static List<BackendNumbers> of(Collection<BackendRegistry.Reading> readings) {
        Map<String, Sum> sums = new TreeMap<>();
        readings.forEach(reading -> sums.computeIfAbsent(reading.spec().label(), label -> new Sum(reading.spec()))
                .add(reading));
        return sums.values().stream().map(Sum::total).toList();
    }

    /** The words that there are for reasons. */
    public static List<String> reasons() {
        return Stream.of(BackendFailure.values())
                .map(BackendFailure::word)
                .distinct()
                .toList();
    }

    /** Requests given to its connections. */
    public long requests() {
        return traffic.requests();
    }

    /** The number of connections that failed. */
    public long failureCount() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    private static final class Sum {
        /** Several backends of a worker share the counters of their label. */
        private final Set<BackendCounters> counters = Collections.newSetFromMap(new IdentityHashMap<>());

        private final BackendSpec spec;
        private boolean down = true;
        private int ready;
        private int connecting;
        private int bad;
        private long queued;

        Sum(BackendSpec spec) {
            this.spec = spec;
        }

        private void add(BackendRegistry.Reading reading) {
            down &= reading.spec().down();
            ready += reading.ready();
            connecting += reading.connecting();
            bad += reading.bad();
            queued += reading.queued();
            counters.add(reading.counters());
        }

        private BackendNumbers total() {
            State state = down ? State.DOWN : bad > 0 ? State.BAD : ready > 0 ? State.UP : State.CONNECTING;
            return new BackendNumbers(
                    spec.label(),
                    spec.address(),
                    state,
                    ready,
                    connecting,
                    bad,
                    Traffic.of(counters),
                    queued,
                    counters.stream()
                            .mapToLong(BackendCounters::mostQueued)
                            .max()
                            .orElse(0),
                    sum(Count.HANDSHAKES),
                    sum(Count.RECONNECTS),
                    failures(),
                    lastFailure());
        }

        private long sum(Count count) {
            return counters.stream().mapToLong(each -> each.get(count)).sum();
        }

        private Map<String, Long> failures() {
            Map<String, Long> failures = new TreeMap<>();
            for (BackendFailure failure : BackendFailure.values()) {
                counters.forEach(each -> failures.merge(failure.word(), each.failures(failure), Long::sum));
            }
            return failures;
        }

        private Optional<LastFailure> lastFailure() {
            return counters.stream()
                    .map(BackendCounters::lastFailure)
                    .filter(Objects::nonNull)
                    .max(Comparator.comparing(BackendCounters.LastFailure::time))
                    .map(last -> new LastFailure(
                            last.time(), last.failure().word(), last.failure().meaning()));
        }
    }
}
