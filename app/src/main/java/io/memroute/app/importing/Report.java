package io.memroute.app.importing;

import io.memroute.app.importing.Finding.Fidelity;
import io.memroute.app.importing.Node.Fields;
import io.memroute.proxy.config.source.NearestName;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects what became of the settings of a file. A finding that comes twice counts once. */
final class Report {

    private final Set<Finding> findings = new LinkedHashSet<>();

    /** Notes a setting that means the same here. */
    void exact(int line, String setting, String outcome) {
        findings.add(new Finding(Fidelity.EXACT, line, setting, outcome));
    }

    /** Notes a setting of which a part is different. */
    void nearly(int line, String setting, String difference) {
        findings.add(new Finding(Fidelity.NEARLY, line, setting, difference));
    }

    /** Notes a setting without a counterpart. */
    void missing(int line, String setting, String consequence) {
        findings.add(new Finding(Fidelity.MISSING, line, setting, consequence));
    }

    /**
     * Notes each setting of an object that is not known here.
     *
     * @param before what stands before its name
     */
    void unknown(String before, Fields object, Set<String> known) {
        object.fields().forEach((name, value) -> {
            if (!known.contains(name)) {
                missing(
                        value.line(),
                        before + name,
                        "is not known here, and has no effect" + NearestName.hint(name, known));
            }
        });
    }

    /** Adds what was found in another file, on the line that names it. */
    void addAll(int line, String file, Report other) {
        other.findings.forEach(each -> findings.add(
                new Finding(each.fidelity(), line, file + ":" + each.line() + ": " + each.setting(), each.outcome())));
    }

    long count(Fidelity fidelity) {
        return findings.stream().filter(each -> each.fidelity() == fidelity).count();
    }

    /** Returns the findings that are not exact, by line. */
    List<Finding> differences() {
        return sorted().stream()
                .filter(each -> each.fidelity() != Fidelity.EXACT)
                .toList();
    }

    private List<Finding> sorted() {
        return findings.stream().sorted(Comparator.comparingInt(Finding::line)).toList();
    }

    /** The whole, one line for each setting, and a line of totals. */
    String text(String file) {
        String lines = sorted().stream()
                .map(each -> "%s:%d: %s: %s: %s%n"
                        .formatted(file, each.line(), each.fidelity().word(), each.setting(), each.outcome()))
                .collect(Collectors.joining());
        return lines
                + "%s: %d exact, %d nearly, %d missing%n"
                        .formatted(file, count(Fidelity.EXACT), count(Fidelity.NEARLY), count(Fidelity.MISSING));
    }
}
