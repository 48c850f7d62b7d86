package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.Comparator;
import java.util.List;

/** Requests that clients get errors for. */
final class ErrorsRule implements Rule {

    /** A share of the requests; a server that is lost and found costs less than that. */
    private static final double MOST = 0.01;

    /** Clients are hardly served. */
    private static final double TOO_MANY = 0.5;

    /** Fewer requests tell nothing about a share. */
    private static final int LEAST_REQUESTS = 20;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.ERRORS;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        Live.Requests requests = evidence.live().requests();
        double share = requests.errorRate() / Math.max(1e-9, requests.rate());
        if (evidence.requests(requests.rate()) < LEAST_REQUESTS || share <= MOST) {
            return List.of();
        }
        String worst = evidence.live().backends().stream()
                .filter(backend -> backend.errorRate() > 0)
                .max(Comparator.comparingDouble(Live.Backend::errorRate))
                .map(backend -> "Most of them come from server " + Evidence.name(backend) + ". ")
                .orElse("No server sent them: they come from limits of the proxy, or from routes. ");
        String problem = "clients get errors for " + Figures.share(share) + " of their requests ("
                + Figures.rate(requests.errorRate()) + " of " + Figures.rate(requests.rate()) + ") "
                + evidence.interval();
        String advice = worst + "/api/events has the failures; watch proxyreqs shows the requests.";
        return List.of(
                share > TOO_MANY
                        ? critical(evidence, "", problem, advice, share)
                        : warning(evidence, "", problem, advice, share));
    }
}
