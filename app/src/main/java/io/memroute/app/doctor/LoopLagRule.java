package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.ArrayList;
import java.util.List;

/** Workers whose event loops are late: everything they serve waits as long. */
final class LoopLagRule implements Rule {

    /** An average: a loop pass of a busy worker takes less than a millisecond. */
    private static final double LATE_SECONDS = 0.02;

    /** A loop that stands still for so long hangs. */
    private static final double HANGS_SECONDS = 2;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.LOOP_LAG;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        for (Live.Worker worker : evidence.live().workers()) {
            String subject = "worker " + worker.worker();
            if (worker.pending() > HANGS_SECONDS) {
                findings.add(critical(
                        evidence,
                        subject,
                        subject + " hangs: a task has waited for it for " + Figures.time(worker.pending()),
                        "Take a dump of its threads (kill -QUIT), which shows what it does; look at functions in Lua.",
                        worker.pending()));
            } else if (worker.lag() != null && worker.lag() > LATE_SECONDS) {
                findings.add(warning(
                        evidence,
                        subject,
                        "the event loop of " + subject + " is late by " + Figures.time(worker.lag())
                                + " on average, and all of its clients wait as long",
                        "Give the process more processors or workers (-t); look at jvm_gc_collection_seconds, and at"
                                + " functions in Lua.",
                        worker.lag()));
            }
        }
        return findings;
    }
}
