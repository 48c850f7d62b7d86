package io.memroute.app.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The findings of an import so far, and the configuration that says them. */
final class Imported {

    private final Report report = new Report();
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<String, List<Pool>> sets = new LinkedHashMap<>();
    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final List<Map<String, Object>> routes = new ArrayList<>();
    private final List<String> startOptions = new ArrayList<>();

    Report report() {
        return report;
    }

    /** Adds a setting that holds for all servers. */
    void setting(String name, Object value) {
        settings.put(name, value);
    }

    void add(Pool pool) {
        pools.put(pool.name(), pool);
    }

    /** Adds pools that a route takes together, as {@code set_NAME}. */
    void addSet(String name, List<Pool> members) {
        sets.put(name, members);
    }

    /** Adds a value that several routes use. */
    void variable(String name, Object value) {
        variables.put(name, value);
    }

    /** Adds the arguments of a call of {@code routes}. */
    void routes(Map<String, Object> arguments) {
        routes.add(arguments);
    }

    /** Adds words that memroute has to be started with. */
    void startOption(String words) {
        startOptions.add(words);
    }

    /** Whether there is anything to route to. */
    boolean isEmpty() {
        return routes.isEmpty();
    }

    /**
     * The configuration, with the differences as comments.
     *
     * @param source the file it comes from, as messages name it
     * @param kind the proxy that the file is of
     */
    String lua(String source, String kind) {
        StringBuilder text = new StringBuilder();
        text.append(Lua.comment("Imported from " + source + " (" + kind + ").", 0));
        // In one line, however long, to be copied.
        text.append("-- Start it with: memroute run THIS_FILE");
        startOptions.forEach(words -> text.append(' ').append(words.replaceAll("\\p{Cntrl}", " ")));
        text.append('\n');
        List<Finding> differences = report.differences();
        if (!differences.isEmpty()) {
            text.append("--\n").append(Lua.comment("What differs from " + kind + ", by line of its file:", 0));
            for (Finding finding : differences) {
                text.append(Lua.comment(
                        "%d: %s: %s: %s"
                                .formatted(
                                        finding.line(),
                                        finding.fidelity().word(),
                                        finding.setting(),
                                        finding.outcome()),
                        0));
            }
        }
        if (!settings.isEmpty()) {
            text.append("\nsettings").append(Lua.of(settings, 0)).append('\n');
        }
        appendPools(text);
        if (!variables.isEmpty()) {
            text.append('\n');
            variables.forEach((name, value) -> text.append("local ")
                    .append(name)
                    .append(" = ")
                    .append(Lua.of(value, 0))
                    .append('\n'));
        }
        for (Map<String, Object> arguments : routes) {
            text.append('\n')
                    .append(Lua.of(new Lua.Call("routes", arguments), 0))
                    .append('\n');
        }
        return text.toString();
    }

    private void appendPools(StringBuilder text) {
        text.append("\npools{\n");
        for (Pool pool : pools.values()) {
            appendPool(text, pool);
        }
        sets.forEach((name, members) -> {
            text.append("  ").append(name).append(" = {\n");
            for (Pool member : members) {
                text.append("    ").append(Lua.of(member.lua(), 4)).append(",\n");
            }
            text.append("  },\n");
        });
        text.append("}\n");
    }

    private static void appendPool(StringBuilder text, Pool pool) {
        text.append(Lua.comment("line " + pool.line(), 2));
        text.append("  ")
                .append(pool.name())
                .append(" = ")
                .append(Lua.of(pool.lua(), 2))
                .append(",\n");
    }
}
