package io.memroute.lua.analysis;

import java.util.List;

/**
 * A place in a text that reads a name.
 *
 * @param path a variable and the fields read from it: {@code mcp.dist_ring_hash} is two names
 * @param line of the last name
 * @param where what the value is for
 * @param inFunction whether it stands in a function, which may never be called
 */
public record NameUse(List<String> path, int line, Where where, boolean inFunction) {

    public NameUse {
        path = List.copyOf(path);
    }

    /** The use of a value. */
    public sealed interface Where {

        /** Looked at in a way that nil is a good answer to: a condition, the left of {@code or}, {@code type(x)}. */
        record Tested() implements Where {}

        /** The value of a field of a table constructor; nil leaves the field out. */
        record Field(String name) implements Where {}

        /** An item of a list constructor; nil leaves a gap. */
        record Item() implements Where {}

        /** An argument of a call; the function is empty unless it is called by a global name. */
        record Argument(String function) implements Where {}

        /** Called or indexed, which fails for nil. */
        record Base() implements Where {}

        /** Anything else. */
        record Value() implements Where {}
    }

    /** The names with dots between them. */
    public String text() {
        return String.join(".", path);
    }
}
