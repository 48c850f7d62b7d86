package io.memroute.proxy.handler;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The arguments of a route as an operator is shown them: names as in a configuration, with their values. */
public final class Shown {

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** The arguments of a route. */
    public static Map<String, Object> of(HandlerSpec route) {
        Shown shown = new Shown();
        route.show(shown);
        return Collections.unmodifiableMap(shown.values);
    }

    /** Shows an argument, unless its value is an {@link Optional} without one. */
    public Shown put(Argument<?> argument, Object value) {
        return put(argument.name(), value);
    }

    /** Shows an argument that has no declaration of its own. */
    public Shown put(String name, Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(given -> values.put(name, given));
        } else {
            values.put(name, value);
        }
        return this;
    }
}
