package io.memroute.app.importing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives routes that stand at several places a variable, so that each is written once. */
final class SharedRoutes {

    /** The longest text that is rather written again. */
    private static final int SHORT = 70;

    private final Map<Lua.Call, Integer> places = new HashMap<>();
    private final Map<Lua.Call, Lua.Name> variables = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<Object, String> wanted;
    private final Imported result;

    /** @param wanted the names of routes that have one */
    SharedRoutes(Map<Object, String> wanted, Imported result) {
        this.wanted = wanted;
        this.result = result;
    }

    /** Adds a route that is going to be written. What stands within one that comes again comes only once. */
    void count(Object value) {
        switch (value) {
            case Lua.Call call -> {
                if (places.merge(call, 1, Integer::sum) == 1) {
                    call.arguments().values().forEach(this::count);
                }
            }
            case List<?> list -> list.forEach(this::count);
            case Map<?, ?> map -> map.values().forEach(this::count);
            default -> {}
        }
    }

    /** The route with variables for what stands at several places. */
    Object write(Object value) {
        return switch (value) {
            case Lua.Call call -> written(call);
            case List<?> list -> {
                List<Object> items = new ArrayList<>();
                list.forEach(item -> items.add(write(item)));
                yield items;
            }
            case Map<?, ?> map -> fields(map);
            default -> value;
        };
    }

    private Object written(Lua.Call call) {
        Lua.Name known = variables.get(call);
        if (known != null) {
            return known;
        }
        Lua.Call written = new Lua.Call(call.function(), fields(call.arguments()));
        if (places.getOrDefault(call, 0) < 2 || Lua.of(written, 0).length() <= SHORT) {
            return written;
        }
        String start = Lua.identifier(wanted.getOrDefault(call, "shared"));
        String name = start;
        for (int i = 2; !names.add(name); i++) {
            name = start + "_" + i;
        }
        Lua.Name variable = new Lua.Name(name);
        result.variable(name, written);
        variables.put(call, variable);
        return variable;
    }

    private Map<String, Object> fields(Map<?, ?> map) {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, item) -> fields.put(key.toString(), write(item)));
        return fields;
    }
}
