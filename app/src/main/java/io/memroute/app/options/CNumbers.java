package io.memroute.app.options;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Numbers as memcached's options read them. Ranges and texts depend on these: {@code atoi} makes 0 of what is no
 * number, which most options then refuse as too small; {@code strtol} ("strict" here) refuses it as such.
 */
final class CNumbers {

    private CNumbers() {}

    /** {@code atoi}: the longest leading integer, 0 if there is none, clamped to an int. */
    static int atoi(String text) {
        int end = 0;
        if (end < text.length() && (text.charAt(end) == '-' || text.charAt(end) == '+')) {
            end++;
        }
        int digits = end;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        if (end == digits) {
            return 0;
        }
        boolean negative = text.charAt(0) == '-';
        long value = 0;
        for (int i = digits; i < end; i++) {
            value = Math.min(value * 10 + (text.charAt(i) - '0'), 1L << 40);
        }
        return Math.clamp(negative ? -value : value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** {@code atof}: the longest leading decimal number, 0 if there is none. */
    static double atof(String text) {
        for (int end = text.length(); end > 0; end--) {
            OptionalDouble value = strictDouble(text.substring(0, end));
            if (value.isPresent()) {
                return value.getAsDouble();
            }
        }
        return 0;
    }

    /** A whole number and nothing else, between the bounds. */
    static OptionalLong strictLong(String text, long least, long most) {
        try {
            long value = Long.parseLong(text.strip());
            return value >= least && value <= most ? OptionalLong.of(value) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** A decimal number and nothing else. */
    static OptionalDouble strictDouble(String text) {
        if (!text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(text));
    }
}
