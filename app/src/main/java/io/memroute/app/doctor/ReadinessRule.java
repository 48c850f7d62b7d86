package io.memroute.app.doctor;

import java.util.List;

/** A proxy that is not ready for clients. */
final class ReadinessRule implements Rule {

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.NOT_READY;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        return evidence.live().ready()
                ? List.of()
                : List.of(critical(
                        evidence,
                        "",
                        "the proxy is not ready for clients: it is starting or ending, or has no configuration",
                        "Look at /readyz?verbose, which says what is missing, and at its log.",
                        1));
    }
}
