package io.memroute.proxy.config.source;

import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.Warning;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of a configuration while it is read: gives its values with their types, and notes every mistake with its
 * place. A value with a mistake is treated as absent, so that reading goes on.
 */
public final class Section {

    /** About thirty years: the longest time that makes sense, and nanoseconds still fit a {@code long}. */
    private static final double LONGEST_SECONDS = 1e9;

    /** Below it a round number of seconds is more likely than one of milliseconds: a minute of those. */
    private static final long LEAST_ROUND_MILLIS = 60_000;

    private static final long SECONDS_PER_HOUR = 3600;

    /** Nobody waits longer for a cache; a number of milliseconds is larger. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);

    private final LuaTable table;
    private final String subject;
    private final String noun;
    private final Place place;
    private final Findings findings;

    /**
     * @param subject what error messages begin with, as in {@code pool "main"}
     * @param noun what the subject calls its keys, as in {@code option}
     */
    public Section(LuaTable table, String subject, String noun, Place place, Findings findings) {
        this.table = table;
        this.subject = subject;
        this.noun = noun;
        this.place = place;
        this.findings = findings;
    }

    public LuaTable table() {
        return table;
    }

    public String subject() {
        return subject;
    }

    public Place place() {
        return place;
    }

    public Place place(Object key) {
        return place.field(key);
    }

    public Findings findings() {
        return findings;
    }

    /** Notes an error about the table as a whole. */
    public void fail(String problem) {
        findings.error(place.where(), subject + ": " + problem);
    }

    /** Notes an error about the value of a key. */
    public void fail(Object key, String problem) {
        findings.error(place.field(key).where(), subject + ": " + key + ": " + problem);
    }

    /** Notes that the value of a key is legal, but surely not meant. */
    public void warn(Warning.Kind kind, Object key, String problem) {
        findings.warn(kind, place.field(key).where(), subject + ": " + key + ": " + problem);
    }

    /** Notes every key that is not among the known ones, with the nearest that is. */
    public void allowOnly(Collection<String> known) {
        for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
            if (entry.key() instanceof LuaString key) {
                String name = key.toString();
                if (!known.contains(name)) {
                    findings.error(
                            place.field(name).where(),
                            subject + ": unknown " + noun + " " + LuaValues.quote(name)
                                    + NearestName.hint(name, known));
                }
            } else {
                findings.error(
                        place.field(entry.plainKey()).where(),
                        subject + ": expected named " + noun + "s, found " + LuaValues.describe(entry.value())
                                + " without a name");
            }
        }
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    /** The raw value, if there is one. */
    public @Nullable Object value(String key) {
        return table.get(key);
    }

    public List<LuaValues.Entry> entries() {
        return LuaValues.inOrder(table);
    }

    public Optional<String> text(String key) {
        return switch (value(key)) {
            case null -> Optional.empty();
            case LuaString string -> {
                Optional<String> text = LuaValues.utf8(string);
                if (text.isEmpty()) {
                    fail(key, "expected UTF-8 text, got other bytes");
                }
                yield text;
            }
            case Object other -> {
                expected(key, "a string", other);
                yield Optional.empty();
            }
        };
    }

    public Optional<Boolean> flag(String key) {
        return switch (value(key)) {
            case null -> Optional.empty();
            case Boolean flag -> Optional.of(flag);
            case Object other -> {
                expected(key, "true or false", other);
                yield Optional.empty();
            }
        };
    }

    /** A whole number, also written as a numeric string. */
    public Optional<Integer> integer(String key, int min, int max) {
        return wholeNumber(key, min, max).map(Long::intValue);
    }

    /** As {@link #integer}, for larger numbers. */
    public Optional<Long> wholeNumber(String key, long min, long max) {
        Object value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        Long number = LuaNumber.toInteger(LuaNumber.coerce(value));
        if (number == null || number < min || number > max) {
            expected(
                    key,
                    max == Integer.MAX_VALUE
                            ? "a whole number, " + min + " or more"
                            : "a whole number from " + min + " to " + max,
                    value);
            return Optional.empty();
        }
        return Optional.of(number);
    }

    /** A number, also written as a numeric string; not infinite, not NaN. */
    public Optional<Double> number(String key) {
        Object value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        double number = toDouble(value);
        if (!Double.isFinite(number)) {
            expected(key, "a number", value);
            return Optional.empty();
        }
        return Optional.of(number);
    }

    /** Seconds with a fraction, more than zero (at least a nanosecond). */
    public Optional<Duration> positiveSeconds(String key) {
        return seconds(key, 1, "more than 0");
    }

    /** Seconds with a fraction, zero included. */
    public Optional<Duration> seconds(String key) {
        return seconds(key, 0, "0 or more");
    }

    private Optional<Duration> seconds(String key, long minNanos, String range) {
        Object value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        double seconds = toDouble(value);
        if (seconds >= 0 && seconds <= LONGEST_SECONDS) {
            Duration duration = Duration.ofNanos(
                    BigDecimal.valueOf(seconds).movePointRight(9).longValue());
            if (duration.toNanos() >= minNanos) {
                return Optional.of(duration);
            }
        }
        expected(key, "a number of seconds, " + range, value);
        return Optional.empty();
    }

    /** Seconds with a fraction, more than zero, that somebody waits for: more than a minute looks like milliseconds. */
    public Optional<Duration> timeout(String key) {
        Optional<Duration> timeout = positiveSeconds(key);
        warnOfMillis(key, timeout, LONGEST_TIMEOUT);
        return timeout;
    }

    /** Warns if a number of seconds is larger than anybody would want, as one of milliseconds would be. */
    public void warnOfMillis(String key, Optional<Duration> seconds, Duration longest) {
        if (seconds.isPresent() && seconds.get().compareTo(longest) > 0) {
            warnOfMillis(key);
        }
    }

    /**
     * Warns if a number of seconds that may well be large looks like one of milliseconds all the same: it is thousands,
     * and no whole hours.
     */
    public void warnOfRoundMillis(String key, Optional<Duration> seconds) {
        long whole = seconds.map(Duration::toSeconds).orElse(0L);
        if (whole >= LEAST_ROUND_MILLIS && whole % 1000 == 0 && whole % SECONDS_PER_HOUR != 0) {
            warnOfMillis(key);
        }
    }

    private void warnOfMillis(String key) {
        BigDecimal written = BigDecimal.valueOf(toDouble(value(key)));
        warn(
                Warning.Kind.DOUBTFUL_VALUE,
                key,
                plain(written) + " means seconds; for milliseconds write " + plain(written.movePointLeft(3)));
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static double toDouble(@Nullable Object value) {
        return LuaNumber.coerce(value) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** A table in this table, to be read as a section of its own. */
    public Optional<Section> section(String key, String itsNoun) {
        return switch (value(key)) {
            case null -> Optional.empty();
            case LuaTable inner ->
                Optional.of(new Section(inner, subject + ": " + key, itsNoun, place.field(key), findings));
            case Object other -> {
                expected(key, "a table", other);
                yield Optional.empty();
            }
        };
    }

    /** Notes that the value of a key is not what it should be. */
    public void expected(Object key, String what, @Nullable Object got) {
        fail(key, "expected " + what + ", got " + LuaValues.describe(got));
    }
}
