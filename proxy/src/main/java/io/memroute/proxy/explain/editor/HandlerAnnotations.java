package io.memroute.proxy.explain.editor;

import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.builtin.Handlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions {@code route_NAME} for the Lua language server: an annotation for each declared argument of each
 * handler.
 */
public final class HandlerAnnotations {

    /** The types of the documentation, and what each is in Lua. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("child", "memroute.Child"),
            Map.entry("list, table, set", "memroute.Children"),
            Map.entry("table, set", "memroute.Children"),
            Map.entry("list, table", "memroute.Children"),
            Map.entry("boolean", "boolean"),
            Map.entry("text", "string"),
            Map.entry("text or seconds", "string|integer"),
            Map.entry("seconds", "number"),
            Map.entry("milliseconds", "integer"),
            Map.entry("number", "number"),
            Map.entry("numbers", "number"),
            Map.entry("requests", "number"),
            Map.entry("replies", "integer"),
            Map.entry("bytes", "integer"),
            Map.entry("list", "string[]"),
            Map.entry("table", "table"));

    /** Arguments that are declared several in one row, without a type. */
    private static final Map<String, String> BY_NAME = Map.ofEntries(
            Map.entry("stats", "boolean"),
            Map.entry("stats_name", "string"),
            Map.entry("dist", "memroute.Distribution"),
            Map.entry("hash", "table|userdata|string"),
            Map.entry("seed", "string"),
            Map.entry("filter", "string"),
            Map.entry("filter_conf", "string"),
            Map.entry("omode", "string"),
            Map.entry("obuckets", "integer"),
            Map.entry("placement", "string"));

    private HandlerAnnotations() {}

    /** Returns a file in Lua that annotates every handler. */
    public static String text() {
        List<String> lines = new ArrayList<>(List.of("---@meta", "", "-- The built-in handlers. docs/routes.md"));
        Handlers.all().forEach(handler -> add(handler, lines));
        return String.join("\n", lines) + "\n";
    }

    private static void add(Handler handler, List<String> lines) {
        String type = "memroute.arguments." + handler.name();
        lines.add("");
        lines.add("---@class (exact) " + type);
        fields(handler).values().forEach(lines::add);
        lines.add("---The route in statistics and explanations.");
        lines.add("---@field name? string");
        if (handler.arguments().waits()) {
            lines.add("---Seconds that the whole route has to begin its reply.");
            lines.add("---@field wait? number");
        }
        if (handler.arguments().mayFail()) {
            lines.add("---Gets miss where the route fails.");
            lines.add("---@field miss_on_error? boolean");
        }
        lines.add("");
        lines.add("---@param arguments " + type);
        lines.add("---@return memroute.Route");
        lines.add("function route_" + handler.name() + "(arguments) end");
    }

    /** Returns the fields by name: some are declared together. */
    private static Map<String, String> fields(Handler handler) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Argument<?> argument : handler.arguments().declared()) {
            for (String name : argument.names()) {
                String meaning = argument.meaning().isEmpty() ? "" : "---" + argument.meaning() + "\n";
                fields.put(
                        name,
                        meaning + "---@field " + name + (isRequired(argument) ? "" : "?") + " " + type(name, argument));
            }
        }
        return fields;
    }

    private static boolean isRequired(Argument<?> argument) {
        return argument.fallback().equals("required");
    }

    private static String type(String name, Argument<?> argument) {
        String type = argument.type().isEmpty() ? BY_NAME.get(name) : TYPES.get(argument.type());
        if (type == null) {
            throw new IllegalStateException(name + ": no Lua type for \"" + argument.type() + "\"; add one here");
        }
        return type;
    }
}
