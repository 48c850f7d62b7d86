package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Change;
import io.memroute.proxy.explain.Plan;
import io.memroute.proxy.text.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@link Plan.Report} for a terminal: {@code +} is new, {@code -} is gone, {@code ~} is different. What several pools
 * or entries have in common stands there once.
 */
public final class PlanText {

    private static final String ENTRY = "  ";
    private static final String DETAIL = "      ";

    private PlanText() {}

    public static String of(Plan.Report plan) {
        if (plan.isEmpty()) {
            return "nothing changes\n";
        }
        StringBuilder text = new StringBuilder();
        section(text, "settings", changes(ENTRY, plan.settings()));
        section(text, "pools", pools(plan));
        section(text, "routes", routes(plan));
        keys(text, plan);
        section(text, "connections", connections(plan));
        return text.substring(1);
    }

    private static void section(StringBuilder text, String title, String body) {
        if (!body.isEmpty()) {
            text.append('\n').append(title).append('\n').append(body);
        }
    }

    /** A line with a sign, further lines of the same under its text. */
    private static String line(String before, String sign, String text) {
        return TextWrap.indented(before + sign + " ", before + DETAIL, Shown.text(text));
    }

    private static String changes(String before, List<Change> changes) {
        StringBuilder text = new StringBuilder();
        for (Change change : changes) {
            text.append(change(before, change.name(), change.before(), change.after()));
        }
        return text.toString();
    }

    /** {@code ~ name: old -> new}; on two lines what is too long for one. */
    private static String change(String before, String name, Optional<String> old, Optional<String> now) {
        String sign = old.isEmpty() ? "+" : now.isEmpty() ? "-" : "~";
        if (old.isEmpty() || now.isEmpty()) {
            return line(before, sign, name + ": " + old.or(() -> now).orElseThrow());
        }
        String both = name + ": " + old.get() + " -> " + now.get();
        String start = before + sign + " ";
        if (start.length() + TextWrap.length(Shown.text(both)) <= TextWrap.COLUMNS) {
            return line(before, sign, both);
        }
        String further = before + DETAIL + "    ";
        return line(before, sign, name)
                + TextWrap.indented(before + "    was ", further, Shown.text(old.get()))
                + TextWrap.indented(before + "    is  ", further, Shown.text(now.get()));
    }

    private static String pools(Plan.Report plan) {
        StringBuilder text = new StringBuilder();
        plan.poolsAdded().forEach(name -> text.append(line(ENTRY, "+", name)));
        plan.poolsRemoved().forEach(name -> text.append(line(ENTRY, "-", name)));
        for (Plan.PoolChange pool : plan.poolsChanged()) {
            if (pool.keysMoved() == 0
                    && pool.options().isEmpty()
                    && pool.backendsAdded().isEmpty()
                    && pool.backendsRemoved().isEmpty()
                    && !pool.reordered()) {
                continue;
            }
            text.append(line(
                    ENTRY,
                    "~",
                    pool.name() + ": " + share(pool.keysMoved(), pool.keys()) + " of the keys change their backend"));
            pool.backendsAdded().forEach(address -> text.append(line(DETAIL, "+", address)));
            pool.backendsRemoved().forEach(address -> text.append(line(DETAIL, "-", address)));
            if (pool.reordered()) {
                text.append(line(DETAIL, "~", "the order of the backends"));
            }
            text.append(changes(DETAIL, pool.options()));
        }
        return text.append(backends(plan)).toString();
    }

    /** Returns the changes of backends that stay, once for all that have the same change. */
    private static String backends(Plan.Report plan) {
        Map<List<Change>, Set<String>> pools = new LinkedHashMap<>();
        Map<List<Change>, Set<String>> addresses = new LinkedHashMap<>();
        for (Plan.PoolChange pool : plan.poolsChanged()) {
            pool.backendsChanged().forEach((address, changes) -> {
                pools.computeIfAbsent(changes, same -> new LinkedHashSet<>()).add(pool.name());
                addresses
                        .computeIfAbsent(changes, same -> new LinkedHashSet<>())
                        .add(address);
            });
        }
        StringBuilder text = new StringBuilder();
        pools.forEach((changes, names) -> text.append(
                        line(ENTRY, "~", String.join(", ", names) + ": " + String.join(", ", addresses.get(changes))))
                .append(changes(DETAIL, changes)));
        return text.toString();
    }

    /** Entries of routes that change alike. */
    private record Alike(Optional<String> before, Optional<String> after, List<Change> changes) {}

    private static String routes(Plan.Report plan) {
        Map<Alike, List<String>> entries = new LinkedHashMap<>();
        for (Plan.RuleChange rule : plan.routes()) {
            Alike alike = rule.changes().isEmpty()
                    ? new Alike(rule.before(), rule.after(), List.of())
                    : new Alike(Optional.empty(), Optional.empty(), rule.changes());
            entries.computeIfAbsent(alike, same -> new ArrayList<>()).add(name(rule.tag(), rule.rule()));
        }
        StringBuilder text = new StringBuilder();
        entries.forEach((alike, names) -> {
            String all = String.join(", ", names);
            text.append(
                    alike.changes().isEmpty()
                            ? change(ENTRY, all, alike.before(), alike.after())
                            : line(ENTRY, "~", all) + changes(DETAIL, alike.changes()));
        });
        return text.toString();
    }

    private static String name(String tag, String rule) {
        return tag.isEmpty() ? rule : "[" + tag + "] " + rule;
    }

    private static void keys(StringBuilder text, Plan.Report plan) {
        if (plan.gets().isEmpty()) {
            section(text, "keys", "  all stay where they are\n");
            return;
        }
        TextTable table = new TextTable();
        for (Plan.Moved moved : plan.gets()) {
            table.row("  " + name(moved.tag(), moved.rule()), share(moved.keysMoved(), moved.keys()));
        }
        String source = plan.sampledFromFile() ? " keys from the file" : " generated keys";
        section(
                text,
                "keys that are looked for on another backend: a miss each, until they are cached there",
                table.render() + "  (measured with " + String.format(Locale.ROOT, "%,d", plan.sampledKeys()) + source
                        + ")\n");
    }

    /** Returns what becomes of connections. Those that stand with their pools are only counted. */
    private static String connections(Plan.Report plan) {
        Plan.Connections connections = plan.connections();
        StringBuilder text = new StringBuilder("  " + connections.kept().size() + " kept, "
                + connections.opened().size() + " opened, "
                + connections.closed().size() + " closed on each worker\n");
        Set<String> added = new LinkedHashSet<>();
        Set<String> removed = new LinkedHashSet<>();
        Set<String> changed = new LinkedHashSet<>();
        for (Plan.PoolChange pool : plan.poolsChanged()) {
            added.addAll(pool.backendsAdded());
            removed.addAll(pool.backendsRemoved());
            changed.addAll(pool.backendsChanged().keySet());
        }
        Set<String> opened = new LinkedHashSet<>(connections.opened());
        Set<String> closed = new LinkedHashSet<>(connections.closed());
        opened.stream()
                .filter(backend -> closed.contains(backend) ? !changed.contains(backend) : !added.contains(backend))
                .forEach(backend -> text.append(
                        closed.contains(backend)
                                ? line(ENTRY, "~", backend + " again, because its options differ")
                                : line(ENTRY, "+", backend)));
        closed.stream()
                .filter(backend -> !opened.contains(backend) && !removed.contains(backend))
                .forEach(backend -> text.append(line(ENTRY, "-", backend)));
        return text.toString();
    }

    private static String share(int part, int whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
