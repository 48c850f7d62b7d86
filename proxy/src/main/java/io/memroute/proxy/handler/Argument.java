package io.memroute.proxy.handler;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.ZonedChild;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * An argument of a handler. It is declared once: reading, suggestions, showing and the documentation take its name,
 * type and default from here.
 *
 * @param names one, or several that are given together
 * @param type as the documentation has it
 * @param fallback the default as the documentation has it; {@code required} if there is none
 * @param meaning in one line
 * @param reader notes what is wrong
 * @param <T> the argument as the handler takes it
 */
public record Argument<T>(
        List<String> names, String type, String fallback, String meaning, Function<Reading, T> reader) {

    private static final String REQUIRED = "required";
    private static final String NONE = "none";

    /** An argument of a type of its own. */
    public static <T> Argument<T> of(
            String name, String type, String fallback, String meaning, Function<Reading, T> reader) {
        return new Argument<>(List.of(name), type, fallback, meaning, reader);
    }

    /** One child, which must be given. */
    public static Argument<Optional<ChildSpec>> child(String name, String meaning) {
        return of(name, "child", REQUIRED, meaning, reading -> reading.child(name));
    }

    /** The argument {@code children}: at least one. */
    public static Argument<Optional<List<ZonedChild>>> children(String meaning) {
        return of("children", "list, table, set", REQUIRED, meaning, reading -> reading.children("children"));
    }

    /** A switch. */
    public static Argument<Boolean> flag(String name, boolean fallback, String meaning) {
        return of(
                name,
                "boolean",
                "`" + fallback + "`",
                meaning,
                reading -> reading.arguments().flag(name).orElse(fallback));
    }

    /** A whole number from {@code min}, with a default. */
    public static Argument<Integer> integer(String name, String unit, int min, int max, int fallback, String meaning) {
        return of(
                name,
                unit,
                Integer.toString(fallback),
                meaning,
                reading -> reading.arguments().integer(name, min, max).orElse(fallback));
    }

    /** A whole number from {@code min}, which must be given. */
    public static Argument<Optional<Long>> required(
            String name, String unit, String what, long min, long max, String meaning) {
        return of(name, unit, REQUIRED, meaning, reading -> {
            Optional<Long> given = reading.arguments().wholeNumber(name, min, max);
            if (!reading.arguments().has(name)) {
                reading.arguments().fail("needs " + name + " (" + what + ")");
            }
            return given;
        });
    }

    /** The argument {@code wait} of a handler with a use for it that is finer than a limit for the whole route. */
    public static Argument<Optional<Duration>> waitForEach(String meaning) {
        return of(
                CommonArguments.WAIT,
                "seconds",
                NONE,
                meaning,
                reading -> reading.arguments().timeout(CommonArguments.WAIT));
    }

    /**
     * The arguments {@code stats} and {@code stats_name}: the counter that they ask for, named after {@code stats_name}
     * or else the route's place.
     *
     * @param suffix what the counter's name ends with
     */
    public static Argument<Optional<String>> counter(String suffix, String meaning) {
        return new Argument<>(
                List.of("stats", "stats_name"), "", "`false`", meaning, reading -> CounterName.read(reading, suffix));
    }

    /**
     * The arguments of {@link #counter} for several counters whose names begin alike. Reads what they are named after.
     *
     * @param longest the longest of what the counters' names end with
     */
    public static Argument<Optional<String>> counters(String longest, String meaning) {
        return new Argument<>(
                List.of("stats", "stats_name"),
                "",
                "`false`",
                meaning,
                reading -> CounterName.read(reading, longest)
                        .map(name -> name.substring(0, name.length() - longest.length())));
    }

    /** Reads it. */
    public T in(Reading reading) {
        return reader.apply(reading);
    }

    /** Its name, of several the first. */
    public String name() {
        return names.getFirst();
    }
}
