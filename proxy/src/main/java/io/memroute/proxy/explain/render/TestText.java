package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Course;
import io.memroute.proxy.explain.RouteTests;
import io.memroute.proxy.text.Shown;

/** A {@link RouteTests.Report}: a line for each test; for one that failed what was expected, what happened, and why. */
public final class TestText {

    private static final String INDENT = "    ";

    private TestText() {}

    public static String of(RouteTests.Report report) {
        StringBuilder text = new StringBuilder();
        for (RouteTests.Result result : report.results()) {
            text.append(result.passed() ? "ok    " : "FAIL  ")
                    .append(result.where())
                    .append("  ")
                    .append(Shown.text(result.name()))
                    .append('\n');
            if (!result.passed()) {
                text.append(failure(result));
            }
        }
        return text.append(CheckText.count(report.results().size(), "test"))
                .append(", ")
                .append(report.failed())
                .append(" failed\n")
                .toString();
    }

    private static String failure(RouteTests.Result result) {
        TextTable table = new TextTable();
        for (RouteTests.Mismatch mismatch : result.mismatches()) {
            table.row("expected " + mismatch.what(), mismatch.expected());
            table.row("actual " + mismatch.what(), mismatch.actual());
        }
        for (Course.Asked asked : result.course().asked()) {
            table.row(
                    "asked",
                    "pool " + asked.pool() + ", " + asked.backend() + ": \"" + asked.request() + "\" -> "
                            + asked.answer());
        }
        StringBuilder text = new StringBuilder(indented(table.render()));
        result.explanation()
                .ifPresent(why ->
                        text.append('\n').append(indented(WhyText.of(why))).append('\n'));
        return text.toString();
    }

    private static String indented(String text) {
        return text.lines()
                .map(line -> line.isEmpty() ? "\n" : INDENT + line + "\n")
                .reduce("", String::concat);
    }
}
