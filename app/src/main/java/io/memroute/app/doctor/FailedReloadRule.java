package io.memroute.app.doctor;

import java.util.List;

/** A reload that failed, so that what is in force is not what the files say. */
final class FailedReloadRule implements Rule {

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.RELOAD_FAILED;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        return evidence.loaded()
                .lastErrors()
                .map(errors -> List.of(warning(
                        evidence,
                        "",
                        "the last reload failed, so the configuration of "
                                + evidence.loaded()
                                        .loaded()
                                        .map(Object::toString)
                                        .orElse("the start")
                                + " is still in force: "
                                + errors.lines().findFirst().orElse("")
                                + (errors.lines().count() > 1
                                        ? " (and " + (errors.lines().count() - 1) + " more)"
                                        : ""),
                        "Correct the file, see it checked (memroute check --running), and reload.",
                        1)))
                .orElse(List.of());
    }
}
