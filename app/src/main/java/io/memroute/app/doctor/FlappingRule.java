package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.proxy.metrics.RecentEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A server that fails and recovers again and again. */
final class FlappingRule implements Rule {

    private static final Duration LATELY = Duration.ofMinutes(10);

    /** Recoveries within that time; a restart is one for each connection that comes back at about one moment. */
    private static final int TIMES = 3;

    /** Recoveries within less than that are one, of several connections. */
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.FLAPPING;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<RecentEvents.Event> lately = evidence.events().events().stream()
                .filter(event -> event.time().isAfter(evidence.now().minus(LATELY)))
                .sorted(Comparator.comparing(RecentEvents.Event::time))
                .toList();
        List<Finding> findings = new ArrayList<>();
        for (Live.Backend backend : evidence.live().backends()) {
            List<RecentEvents.Event> own = lately.stream()
                    .filter(event -> event.backend().equals(backend.label()))
                    .toList();
            int recoveries = recoveries(own);
            if (recoveries >= TIMES) {
                Map<String, Long> reasons = own.stream()
                        .map(RecentEvents.Event::event)
                        .filter(event -> !event.equals("recovered") && !event.startsWith("markedbad"))
                        .collect(Collectors.groupingBy(event -> event, Collectors.counting()));
                findings.add(warning(
                        evidence,
                        backend.label(),
                        "server " + Evidence.name(backend) + " flaps: it was lost and recovered " + recoveries
                                + " times within the last " + LATELY.toMinutes() + " minutes (" + shown(reasons) + ")",
                        advice(reasons),
                        recoveries));
            }
        }
        return findings;
    }

    private static int recoveries(List<RecentEvents.Event> events) {
        int count = 0;
        RecentEvents.Event last = null;
        for (RecentEvents.Event event : events) {
            if (event.event().equals("recovered")) {
                if (last == null || Duration.between(last.time(), event.time()).compareTo(TOGETHER) > 0) {
                    count++;
                }
                last = event;
            }
        }
        return count;
    }

    private static String shown(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String advice(Map<String, Long> reasons) {
        return reasons.containsKey("timeout")
                ? "Timeouts point to a server or a network that is slow at times: look at its load, and at readtimeout."
                : "The server ends or restarts, or something between closes connections: look at its log and at"
                        + " /api/events.";
    }
}
