package io.memroute.app.doctor;

import java.util.List;

/** One thing that can be wrong with a proxy, its servers or its configuration. */
interface Rule {

    /** The kind of its findings. */
    Finding.Kind kind();

    /** Returns the faults that it finds; none if all is well, or if there is too little traffic to tell. */
    List<Finding> examine(Evidence evidence);

    default Finding warning(Evidence evidence, String subject, String problem, String advice, double weight) {
        return new Finding(Finding.Severity.WARNING, kind(), evidence.proxy(), subject, problem, advice, weight);
    }

    default Finding critical(Evidence evidence, String subject, String problem, String advice, double weight) {
        return new Finding(Finding.Severity.CRITICAL, kind(), evidence.proxy(), subject, problem, advice, weight);
    }
}
