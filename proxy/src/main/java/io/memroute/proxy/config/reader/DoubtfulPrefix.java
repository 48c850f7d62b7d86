package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.source.LuaValues;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds prefixes that can match, but surely not the keys that were meant. */
final class DoubtfulPrefix {

    /** The look of patterns and globs, but not of keys. */
    private static final Pattern PATTERN =
            Pattern.compile("\\*|^\\^|\\$$|\\.\\+|%[adlsuwxp]|\\[.*]|\\(.*\\)|\\\\[dws]");

    /** Characters that keys have between their parts. */
    private static final Pattern SEPARATED = Pattern.compile("(?<name>.*[\\p{L}\\p{N}])(?<separator>[:/_.#|,;-]{1,5})");

    private DoubtfulPrefix() {}

    /** Returns the doubt about a prefix; empty if there is none. */
    static Optional<String> problem(String prefix, PrefixRule rule) {
        if (PATTERN.matcher(prefix).find()) {
            return Optional.of("looks like a pattern, but is compared byte by byte");
        }
        if (rule.mode() == PrefixRule.Mode.ANCHOR && prefix.startsWith(rule.start())) {
            return Optional.of(
                    "begins with " + LuaValues.quote(rule.start()) + ", which is put in front of the prefix anyway:"
                            + " keys that begin with "
                            + LuaValues.quote(rule.start() + prefix + rule.stop()) + " match");
        }
        var separated = SEPARATED.matcher(prefix);
        if (separated.matches()) {
            return Optional.of("matches keys that begin with " + LuaValues.quote(rule.start() + prefix + rule.stop())
                    + "; if " + LuaValues.quote(rule.start() + prefix) + " is meant, write "
                    + LuaValues.quote(separated.group("name"))
                    + " and conf = { stop = " + LuaValues.quote(separated.group("separator")) + " }");
        }
        return Optional.empty();
    }
}
