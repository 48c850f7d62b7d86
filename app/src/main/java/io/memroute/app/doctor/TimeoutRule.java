package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Read timeouts that requests come close to, or run into: each closes a connection with all that waits on it. */
final class TimeoutRule implements Rule {

    /** A share of the timeout: a little more load, and it is over. */
    private static final double TOO_CLOSE = 0.5;

    private static final int LEAST_REPLIES = 20;

    /** The time that counts as recent. */
    private static final Duration LATELY = Duration.ofMinutes(10);

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.SHORT_TIMEOUT;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        evidence.configuration()
                .ifPresent(configuration -> configuration.pools().stream()
                        .flatMap(pool -> pool.servers().stream())
                        .filter(server -> server.readTimeoutSeconds() > 0)
                        .filter(server -> seen.add(server.label()))
                        .forEach(server -> evidence.live().backends().stream()
                                .filter(backend -> backend.label().equals(server.label()))
                                .forEach(
                                        backend -> compare(evidence, backend, server.readTimeoutSeconds(), findings))));
        return findings;
    }

    private void compare(Evidence evidence, Live.Backend backend, double timeout, List<Finding> into) {
        Live.Latency latency = backend.latency();
        long timedOut = evidence.events().events().stream()
                .filter(event ->
                        event.event().equals("timeout") && event.backend().equals(backend.label()))
                .filter(event -> event.time().isAfter(evidence.now().minus(LATELY)))
                .count();
        if (latency != null
                && evidence.requests(backend.rate()) >= LEAST_REPLIES
                && latency.p99() > TOO_CLOSE * timeout) {
            into.add(warning(
                    evidence,
                    backend.label(),
                    "the read timeout of " + Figures.time(timeout) + " is too short for server "
                            + Evidence.name(backend) + ": 1 of 100 replies takes " + Figures.time(latency.p99())
                            + " or longer"
                            + (timedOut > 0 ? ", and " + times(timedOut) + " a request ran into it" : ""),
                    "Find out why the server is slow; if that is how it is, raise readtimeout for it.",
                    latency.p99() / timeout));
        } else if (timedOut > 0) {
            into.add(warning(
                    evidence,
                    backend.label(),
                    "requests to server " + Evidence.name(backend) + " ran into the read timeout of "
                            + Figures.time(timeout) + " " + times(timedOut) + " within the last "
                            + LATELY.toMinutes() + " minutes",
                    "It hung, or its network did: look at that machine at those times (/api/events).",
                    1));
        }
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }
}
