package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Course;
import io.memroute.proxy.explain.Explanation;
import io.memroute.proxy.explain.Judgement;
import io.memroute.proxy.text.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An {@link Explanation} for a terminal. */
public final class WhyText {

    private WhyText() {}

    public static String of(Explanation explanation) {
        StringBuilder text = new StringBuilder(TextWrap.indented("", "  ", Shown.text(explanation.command())));
        explanation.notRouted().ifPresent(reason -> text.append(TextWrap.indented("  ", "  ", Shown.text(reason))));
        explanation.access().ifPresent(access -> text.append('\n').append(access(access)));
        for (Explanation.Key key : explanation.keys()) {
            text.append('\n');
            if (explanation.keys().size() > 1) {
                text.append("key ").append(Shown.text(key.key())).append("\n\n");
            }
            text.append(key(explanation, key));
        }
        return text.toString();
    }

    private static String access(Judgement access) {
        TextTable reasons = new TextTable();
        for (Judgement.Reason reason : access.reasons()) {
            String about = reason.about().isEmpty() ? "access" : "access, " + reason.about();
            if (reason.where().isPresent()) {
                reasons.row(about, reason.finding(), reason.where().get().toString());
            } else {
                reasons.row(about, reason.finding());
            }
        }
        return reasons.render();
    }

    private static String key(Explanation explanation, Explanation.Key key) {
        StringBuilder text = new StringBuilder();
        TextTable lookups = new TextTable();
        explanation
                .routes()
                .ifPresent(where -> lookups.row(
                        "listener",
                        explanation.tag().isEmpty() ? "untagged" : "tag \"" + explanation.tag() + "\"",
                        where.toString()));
        for (Explanation.Lookup lookup : key.lookups()) {
            if (lookup.where().isPresent()) {
                lookups.row(
                        lookup.part(), lookup.finding(), lookup.where().get().toString());
            } else {
                lookups.row(lookup.part(), lookup.finding());
            }
        }
        text.append(lookups.render());
        key.route().ifPresent(route -> text.append('\n').append(step("", route).render()));
        if (!key.scenarios().isEmpty()) {
            text.append('\n');
            if (key.chance()) {
                text.append("Chance decides here; what could happen:\n");
            }
            text.append(scenarios(explanation, key));
        }
        return text.toString();
    }

    private static TextTree step(String role, Explanation.Step step) {
        TextTree tree = new TextTree(
                role
                        + step.handler()
                        + step.name().map(name -> " \"" + name + "\"").orElse(""),
                step.where().toString(),
                step.does());
        for (Explanation.Child child : step.children()) {
            String itsRole = child.role() + ": ";
            switch (child.target()) {
                case Explanation.Nested(Explanation.Step nested) -> tree.add(step(itsRole, nested));
                case Explanation.Embedded() -> tree.add(itsRole + "internal", "the embedded store");
                case Explanation.PoolChoice choice ->
                    tree.add(
                            itsRole + "pool " + choice.pool(),
                            choice.backend()
                                    + choice.label()
                                            .map(label -> " (" + label + ")")
                                            .orElse(""),
                            choice(choice));
            }
        }
        return tree;
    }

    private static String choice(Explanation.PoolChoice choice) {
        return TextWrap.unbroken("backend " + (choice.slot() + 1) + " of " + choice.backends() + ",") + " "
                + TextWrap.unbroken("hash " + choice.hash() + " of \"" + choice.hashed() + "\"")
                + (choice.down() ? ", DOWN" : "");
    }

    private static String scenarios(Explanation explanation, Explanation.Key key) {
        TextTable table = new TextTable();
        for (Explanation.Scenario scenario : key.scenarios()) {
            Course course = scenario.course();
            table.row(TextWrap.unbroken(scenario.condition()), asked(explanation, key, course), outcome(course));
        }
        return table.render();
    }

    /** Every backend asked, with its answer. */
    private static String asked(Explanation explanation, Explanation.Key key, Course course) {
        if (course.asked().isEmpty()) {
            return "no backend asked";
        }
        List<String> words = new ArrayList<>();
        for (Course.Asked asked : course.asked()) {
            String answer = asked.backend() + " " + asked.answer();
            boolean rewritten = !asked.request().equals(explanation.command())
                    && (explanation.keys().size() == 1 || !asked.request().endsWith(" " + key.key()));
            words.add(TextWrap.unbroken(rewritten ? answer + " (sent \"" + asked.request() + "\")" : answer));
        }
        return String.join(", ", words);
    }

    private static String outcome(Course course) {
        String outcome = "-> " + course.outcome();
        if (course.from().equals(Course.EMBEDDED)) {
            outcome += " from the embedded store";
        } else if (!course.from().isEmpty()) {
            outcome += " from " + course.from();
        }
        if (course.reply().isEmpty()) {
            outcome += ", not told to the client";
        }
        String words = TextWrap.unbroken(outcome);
        return course.after().isZero()
                ? words
                : words + ", " + TextWrap.unbroken("after " + seconds(course.after()) + " s");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9).replaceFirst("\\.?0+$", "");
    }
}
