package io.memroute.app.doctor;

import io.memroute.app.terminal.Figures;
import java.util.List;

/** File descriptors near the limit of the process: then no connection can be accepted or made. */
final class DescriptorsRule implements Rule {

    /** A share of the limit. */
    private static final double NEAR = 0.8;

    private static final double FULL = 0.95;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.DESCRIPTORS_NEAR_LIMIT;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        double open = evidence.metric(Evidence.OPEN_DESCRIPTORS);
        double limit = evidence.metric(Evidence.MOST_DESCRIPTORS);
        double share = limit > 0 ? open / limit : 0;
        if (share < NEAR) {
            return List.of();
        }
        String problem =
                "%.0f of at most %.0f file descriptors are open (%s)".formatted(open, limit, Figures.share(share));
        String advice = "Raise the limit of open files (LimitNOFILE of the service, ulimit -n): at the limit the proxy"
                + " neither accepts clients nor reaches servers.";
        return List.of(
                share >= FULL
                        ? critical(evidence, "", problem, advice, share)
                        : warning(evidence, "", problem, advice, share));
    }
}
