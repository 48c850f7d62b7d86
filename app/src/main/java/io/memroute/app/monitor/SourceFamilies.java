package io.memroute.app.monitor;

import static io.memroute.app.monitor.Families.by;

import io.memroute.app.monitor.Families.Samples;
import io.memroute.proxy.discovery.Slot;
import io.memroute.proxy.discovery.SourceReading;
import java.util.List;

/** The metrics about sources of servers. */
final class SourceFamilies {

    private static final String SOURCE = "source";

    private SourceFamilies() {}

    static void add(Families families, List<SourceReading> sources) {
        Samples servers = by(SOURCE, "state");
        Samples ages = by(SOURCE);
        Samples failures = by(SOURCE);
        Samples failing = by(SOURCE);
        Samples heldBack = by(SOURCE);
        for (SourceReading source : sources) {
            String name = source.source().toString();
            long down = source.slots().stream().filter(Slot::down).count();
            servers.add(source.slots().size() - down, name, "named").add(down, name, "kept");
            source.answeredAge().ifPresent(age -> ages.add(age.toMillis() / 1e3, name));
            failures.add(source.failures(), name);
            failing.add(source.error().isPresent() ? 1 : 0, name);
            heldBack.add(source.heldBack().isPresent() ? 1 : 0, name);
        }
        families.gauge(
                        "memroute_source_servers",
                        "Servers in force by source: named by it, or kept (gone, with their slots kept)",
                        servers)
                .gauge(
                        "memroute_source_answer_age_seconds",
                        "Time since the last good answer of a source; absent if there was none since the start",
                        ages)
                .counter("memroute_source_failures_total", "Questions to a source without a good answer", failures)
                .gauge("memroute_source_failing", "1 if the last question to a source had no good answer", failing)
                .gauge(
                        "memroute_source_held_back",
                        "1 if a change of a source waits for confirmation: too few servers, or too many keys that move",
                        heldBack);
    }
}
