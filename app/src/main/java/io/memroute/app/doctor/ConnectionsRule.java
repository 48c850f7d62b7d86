package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.List;

/** Client connections near their limit. */
final class ConnectionsRule implements Rule {

    /** A share of the limit. */
    private static final double NEAR = 0.8;

    private static final double FULL = 0.95;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.CONNECTIONS_NEAR_LIMIT;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        Live.Clients clients = evidence.live().clients();
        double share = (double) clients.connections() / Math.max(1, clients.limit());
        if (share < NEAR) {
            return List.of();
        }
        String problem = clients.connections() + " of at most " + clients.limit() + " client connections are open ("
                + Figures.share(share) + ")"
                + (clients.refused() > 0 ? "; " + clients.refused() + " were refused since the start" : "");
        String advice =
                "Raise -c, or have clients keep fewer connections; idle ones can be closed" + " (-o idle_timeout).";
        return List.of(
                share >= FULL
                        ? critical(evidence, "", problem, advice, share)
                        : warning(evidence, "", problem, advice, share));
    }
}
