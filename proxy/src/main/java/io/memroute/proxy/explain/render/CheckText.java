package io.memroute.proxy.explain.render;

import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.PoolSource;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.text.Shown;

/**
 * A {@link Check.Report} as compilers print theirs: a line each, which editors and CI systems find their way by, and
 * below it the line of the file with a mark under the place.
 */
public final class CheckText {

    private CheckText() {}

    /** @param name of the configuration */
    public static String of(String name, Check.Report report) {
        StringBuilder text = new StringBuilder();
        for (ConfigError error : report.errors()) {
            text.append(error.quoted()).append('\n');
        }
        for (Warning warning : report.warnings()) {
            text.append(warning.quoted()).append('\n');
        }
        for (PoolSource source : report.sources()) {
            text.append(Shown.text(source.text()))
                    .append(": ")
                    .append(
                            source.labels().isEmpty()
                                    ? "not asked"
                                    : count(source.labels().size(), "server") + ": "
                                            + String.join(", ", source.labels()))
                    .append('\n');
        }
        text.append(Shown.text(name)).append(": ");
        if (!report.errors().isEmpty()) {
            return text.append(count(report.errors().size(), "error"))
                    .append('\n')
                    .toString();
        }
        text.append("good: ")
                .append(count(report.pools(), "pool"))
                .append(", ")
                .append(count(report.backends(), "backend"))
                .append(", ")
                .append(count(report.trees(), "route tree"));
        long warnings = report.strictWarnings();
        if (warnings > 0) {
            text.append("; ").append(count(warnings, "warning"));
        }
        long notes = report.warnings().size() - warnings;
        if (notes > 0) {
            text.append("; ").append(count(notes, "note"));
        }
        return text.append('\n').toString();
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
