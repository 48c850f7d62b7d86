package io.memroute.app.doctor;

import io.memroute.app.terminal.Figures;
import java.util.List;

/** Clients that watch and lose lines, because they read too slowly. */
final class WatchersRule implements Rule {

    @Override
    public String name() {
        return "watchers_lose_lines";
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        double watchers = evidence.metric(Evidence.WATCHERS);
        double lost = evidence.metric(Evidence.LINES_LOST);
        return watchers == 0 || lost == 0
                ? List.of()
                : List.of(warning(
                        evidence,
                        "",
                        Figures.count(lost)
                                + " lines for clients that watch were lost since the start; %.0f watch now"
                                        .formatted(watchers),
                        "Have them read faster or watch less, or raise -o watcher_logbuf_size.",
                        1));
    }
}
