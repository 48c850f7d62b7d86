package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A {@code route_warm} whose cold servers stay cold. */
final class ColdRouteRule implements Rule {

    /** After that the keys that are asked for are there, if they get there at all. */
    private static final Duration WARMED = Duration.ofMinutes(10);

    /** The share of the keys that the cold servers should have by then. */
    private static final double LEAST = 0.5;

    private static final int LEAST_REQUESTS = 100;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.NEVER_WARMS;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        boolean longInForce = evidence.loaded()
                .loaded()
                .filter(time -> time.isBefore(evidence.now().minus(WARMED)))
                .isPresent();
        if (longInForce) {
            evidence.configuration()
                    .ifPresent(configuration -> configuration.routes().stream()
                            .filter(route -> route.handler().equals("warm"))
                            .forEach(route -> examine(evidence, route, findings)));
        }
        return findings;
    }

    private void examine(Evidence evidence, ShownConfiguration.Route route, List<Finding> into) {
        for (String coldName : route.children().getOrDefault("cold", Set.of())) {
            for (String warmName : route.children().getOrDefault("warm", Set.of())) {
                Live.Pool cold = evidence.pool(coldName).orElse(null);
                Live.Pool warm = evidence.pool(warmName).orElse(null);
                if (cold == null || warm == null || cold.hitRatio() == null || warm.hitRatio() == null) {
                    continue;
                }
                // The warm servers are asked for what the cold ones miss: of what either has, the part of the cold.
                double missing = (1 - cold.hitRatio()) * warm.hitRatio();
                double part = cold.hitRatio() / Math.max(1e-9, cold.hitRatio() + missing);
                if (evidence.requests(cold.rate()) >= LEAST_REQUESTS && part < LEAST) {
                    into.add(warning(
                            evidence,
                            coldName,
                            "the route_warm at " + route.where() + " does not warm pool " + coldName
                                    + ": it has been in force since "
                                    + evidence.loaded().loaded().orElseThrow() + ", and " + coldName
                                    + " still has only "
                                    + Figures.share(part) + " of the keys that are found, " + warmName + " the others",
                            "See whether sets to " + coldName + " fail or expire at once (its errors, evictions and"
                                    + " memory), and whether clients ask for ever new keys.",
                            1 - part));
                }
            }
        }
    }
}
