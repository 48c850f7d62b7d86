package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** A server that is much slower than the others of its pool. */
final class SlowServerRule implements Rule {

    /** Fewer replies have no percentiles to speak of. */
    private static final int LEAST_REPLIES = 20;

    /** A multiple of what the others take; servers with the same work differ by less than two. */
    private static final double TIMES = 3;

    /** And slower by at least this: below it nobody notices, and a busy machine explains it. */
    private static final double LEAST_SECONDS = 0.002;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.SLOW_SERVER;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        Set<String> found = new HashSet<>();
        for (Live.Pool pool : evidence.live().pools()) {
            List<Live.Backend> measured = evidence.backends(pool.name()).stream()
                    .filter(backend -> backend.latency() != null && evidence.requests(backend.rate()) >= LEAST_REPLIES)
                    .toList();
            for (Live.Backend backend : measured) {
                List<Live.Latency> others = measured.stream()
                        .filter(other -> other != backend)
                        .map(Live.Backend::latency)
                        .toList();
                if (!others.isEmpty() && !found.contains(backend.label())) {
                    compare(evidence, pool, backend, others, findings);
                    findings.stream().map(Finding::subject).forEach(found::add);
                }
            }
        }
        return findings;
    }

    private void compare(
            Evidence evidence, Live.Pool pool, Live.Backend backend, List<Live.Latency> others, List<Finding> into) {
        Live.Latency own = backend.latency();
        if (own == null) {
            return;
        }
        // Of two servers the other one, of more the one in the middle: a slow one among them changes it little.
        List<Live.Latency> sorted = others.stream()
                .sorted((a, b) -> Double.compare(a.p50(), b.p50()))
                .toList();
        Live.Latency usual = sorted.get((sorted.size() - 1) / 2);
        boolean slow = own.p50() > TIMES * usual.p50() && own.p50() - usual.p50() > LEAST_SECONDS
                || own.p90() > TIMES * usual.p90() && own.p90() - usual.p90() > 5 * LEAST_SECONDS;
        if (slow) {
            into.add(warning(
                    evidence,
                    backend.label(),
                    "server " + Evidence.name(backend) + " of pool " + pool.name()
                            + " is slow: half of its replies take "
                            + Figures.time(own.p50()) + " or longer (p99 " + Figures.time(own.p99()) + "), those of "
                            + (others.size() == 1 ? "the other server " : "the other " + others.size() + " servers ")
                            + range(others, Live.Latency::p50) + " (p99 " + range(others, Live.Latency::p99) + ")",
                    "Look at that machine's CPU, swap and network, and at evictions and large values in its stats."
                            + (backend.queued() > 1 ? " " + backend.queued() + " requests wait for it now." : ""),
                    backend.rate() * Math.max(own.p50() - usual.p50(), (own.p90() - usual.p90()) / 10)));
        }
    }

    /** {@code 200 us to 1.2 ms}: from the fastest to the slowest, or the one time that they have in common. */
    private static String range(List<Live.Latency> servers, ToDoubleFunction<Live.Latency> time) {
        DoubleSummaryStatistics times = servers.stream().mapToDouble(time).summaryStatistics();
        String least = Figures.time(times.getMin());
        String most = Figures.time(times.getMax());
        return least.equals(most) ? least : least + " to " + most;
    }
}
