package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.List;

/** Clients that watch and lose lines, because they read too slowly. */
final class WatchersRule implements Rule {

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.WATCHERS_LOSE_LINES;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        Live.Clients clients = evidence.live().clients();
        double lost = evidence.requests(clients.lostLineRate());
        return clients.watching() == 0 || lost == 0
                ? List.of()
                : List.of(warning(
                        evidence,
                        "",
                        Figures.count(lost) + " lines for clients that watch were lost " + evidence.interval() + "; "
                                + clients.watching() + " watch now",
                        "Have them read faster or watch less, or raise -o watcher_logbuf_size.",
                        lost));
    }
}
