package io.memroute.app.doctor;

import io.memroute.app.terminal.Paint;
import io.memroute.proxy.explain.render.TextWrap;
import io.memroute.proxy.text.Shown;
import java.util.Locale;

/** A {@link Report} for a terminal. */
final class DoctorText {

    static final Paint PAINT = new Paint(
            "^(?:(?<red>CRITICAL)|(?<yellow>WARNING)) |^(?<green>nothing wrong[^\\n]*)|^(?<bold>[0-9]+ findings?:.*)");

    private static final String INDENT = "          ";

    private DoctorText() {}

    static String of(Report report) {
        StringBuilder text = new StringBuilder();
        boolean several = report.proxies().size() > 1;
        for (Finding finding : report.findings()) {
            String sentence = (several ? finding.proxy() + ": " : "") + finding.problem() + ".";
            text.append(TextWrap.indented(
                    "%-10s".formatted(finding.severity().name().toUpperCase(Locale.ROOT)),
                    INDENT,
                    Shown.text(several ? sentence : capital(sentence))));
            text.append(TextWrap.indented(INDENT, INDENT, Shown.text(finding.advice())))
                    .append('\n');
        }
        return text.append(total(report)).toString();
    }

    private static String total(Report report) {
        if (report.isClean()) {
            return "nothing wrong with " + String.join(", ", report.proxies()) + "\n";
        }
        int all = report.findings().size();
        return all + (all == 1 ? " finding: " : " findings: ") + "the worst first\n";
    }

    private static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
