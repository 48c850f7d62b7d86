package io.memroute.proxy.handler;

import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import java.util.Optional;

/** The names of counters that routes have. */
public final class CounterName {

    /** Memcached's limit on the names of user counters. */
    private static final int MAX_CHARS = 122;

    private CounterName() {}

    /** The counter that {@code stats} asks for; empty if it does not, or if the name has been refused. */
    static Optional<String> read(Reading reading, String suffix) {
        Section arguments = reading.arguments();
        boolean wanted = arguments.flag("stats").orElse(false);
        Optional<String> ownName = arguments.text("stats_name");
        if (!wanted) {
            if (arguments.has("stats_name") && !arguments.has("stats")) {
                arguments.fail("stats_name", "has no effect without stats = true");
            }
            return Optional.empty();
        }
        return checked(arguments, "stats", ownName.orElse(reading.position().label()) + suffix);
    }

    /** Whether a counter can have this name. */
    public static boolean isPossible(String name) {
        return name.length() <= MAX_CHARS && name.chars().noneMatch(Character::isWhitespace);
    }

    /** The name of a counter, if it can be one; else that has been noted. */
    public static Optional<String> checked(Section arguments, String key, String name) {
        if (!isPossible(name)) {
            arguments.fail(
                    key,
                    "the counter's name " + LuaValues.quote(name) + " is longer than " + MAX_CHARS
                            + " characters or has spaces; choose another with stats_name");
            return Optional.empty();
        }
        return Optional.of(name);
    }
}
