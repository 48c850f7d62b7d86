package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Change;
import io.memroute.proxy.explain.Plan;
import io.memroute.proxy.text.Shown;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A {@link Plan.Report} for a terminal: {@code +} is new, {@code -} is gone, {@code ~} is different. */
public final class PlanText {

    private PlanText() {}

    public static String of(Plan.Report plan) {
        if (plan.isEmpty()) {
            return "nothing changes\n";
        }
        StringBuilder text = new StringBuilder();
        section(text, "settings", changes("", plan.settings()));
        section(text, "pools", pools(plan));
        section(text, "routes", routes(plan));
        section(text, "keys", keys(plan));
        section(text, "connections", connections(plan.connections()));
        return text.substring(1);
    }

    private static void section(StringBuilder text, String title, String body) {
        if (!body.isEmpty()) {
            text.append('\n').append(title).append('\n').append(body);
        }
    }

    private static String changes(String before, List<Change> changes) {
        TextTable table = new TextTable();
        changes.forEach(change -> table.row(
                "  " + before + sign(change.before(), change.after()) + " " + change.name(),
                values(change.before(), change.after())));
        return table.render();
    }

    private static String sign(Optional<?> before, Optional<?> after) {
        return before.isEmpty() ? "+" : after.isEmpty() ? "-" : "~";
    }

    private static String values(Optional<String> before, Optional<String> after) {
        if (before.isPresent() && after.isPresent()) {
            return before.get() + " -> " + after.get();
        }
        return before.or(() -> after).orElseThrow();
    }

    private static String pools(Plan.Report plan) {
        StringBuilder text = new StringBuilder();
        plan.poolsAdded()
                .forEach(name -> text.append("  + ").append(Shown.text(name)).append('\n'));
        plan.poolsRemoved()
                .forEach(name -> text.append("  - ").append(Shown.text(name)).append('\n'));
        for (Plan.PoolChange pool : plan.poolsChanged()) {
            text.append("  ~ ")
                    .append(Shown.text(pool.name()))
                    .append(": ")
                    .append(share(pool.keysMoved(), pool.keys()))
                    .append(" of the keys change their backend\n");
            pool.backendsAdded()
                    .forEach(address ->
                            text.append("      + ").append(Shown.text(address)).append('\n'));
            pool.backendsRemoved()
                    .forEach(address ->
                            text.append("      - ").append(Shown.text(address)).append('\n'));
            if (pool.reordered()) {
                text.append("      ~ the order of the backends\n");
            }
            text.append(changes("    ", pool.options()));
            text.append(backends(pool));
        }
        return text.toString();
    }

    /** What changes for all backends alike stands there once. */
    private static String backends(Plan.PoolChange pool) {
        boolean alike = pool.backendsChanged().size() > 1
                && pool.backendsChanged().values().stream().distinct().count() == 1;
        StringBuilder text = new StringBuilder();
        pool.backendsChanged().forEach((address, changes) -> {
            if (!alike || text.isEmpty()) {
                String which = alike ? String.join(", ", pool.backendsChanged().keySet()) : address;
                text.append("      ~ ").append(Shown.text(which)).append('\n').append(changes("        ", changes));
            }
        });
        return text.toString();
    }

    private static String routes(Plan.Report plan) {
        StringBuilder text = new StringBuilder();
        for (Plan.RuleChange rule : plan.routes()) {
            text.append("  ")
                    .append(sign(rule.before(), rule.after()))
                    .append(' ')
                    .append(Shown.text(name(rule.tag(), rule.rule())))
                    .append('\n');
            rule.before()
                    .ifPresent(line ->
                            text.append("      was ").append(Shown.text(line)).append('\n'));
            rule.after()
                    .ifPresent(line ->
                            text.append("      is  ").append(Shown.text(line)).append('\n'));
        }
        return text.toString();
    }

    private static String name(String tag, String rule) {
        return tag.isEmpty() ? rule : "[" + tag + "] " + rule;
    }

    private static String keys(Plan.Report plan) {
        TextTable table = new TextTable();
        for (Plan.Moved moved : plan.gets()) {
            table.row(
                    "  " + name(moved.tag(), moved.rule()),
                    share(moved.keysMoved(), moved.keys()),
                    "of the keys are looked for on another backend: a miss each, until they are cached there");
        }
        String source = plan.sampledFromFile() ? " keys from the file" : " generated keys";
        String body = table.render();
        return body.isEmpty()
                ? "  all stay where they are\n"
                : body + "  (measured with " + String.format(Locale.ROOT, "%,d", plan.sampledKeys()) + source + ")\n";
    }

    private static String connections(Plan.Connections connections) {
        StringBuilder text = new StringBuilder("  " + connections.kept().size() + " kept, "
                + connections.opened().size() + " opened, "
                + connections.closed().size() + " closed on each worker\n");
        Set<String> opened = new LinkedHashSet<>(connections.opened());
        Set<String> closed = new LinkedHashSet<>(connections.closed());
        opened.forEach(backend -> text.append(
                closed.contains(backend)
                        ? "  ~ " + Shown.text(backend) + " again, because its options differ\n"
                        : "  + " + Shown.text(backend) + "\n"));
        closed.stream()
                .filter(backend -> !opened.contains(backend))
                .forEach(backend ->
                        text.append("  - ").append(Shown.text(backend)).append('\n'));
        return text.toString();
    }

    private static String share(int part, int whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
