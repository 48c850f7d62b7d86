package io.memroute.lua.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Lua numeral from text, as {@code tonumber} and string arithmetic do (manual section 3.4.3): optional space
 * around it, an optional sign, then a decimal or hexadecimal integer or float.
 *
 * <p>A hexadecimal integer wraps around modulo 2^64. A decimal integer that does not fit becomes a float. Floats are
 * rounded to nearest, ties to even, from all digits given.
 */
public final class NumberReader {
    /** Ten to these powers are exact doubles. */
    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** Whole numbers up to here are exact doubles. */
    private static final long EXACT_WHOLE = 1L << 53;

    /** Exponents beyond this give infinity or zero whatever the digits; also keeps sums from overflowing. */
    private static final int EXPONENT_LIMIT = 1_000_000_000;

    /** No exponent can be read. */
    private static final int NO_EXPONENT = Integer.MIN_VALUE;

    /** Mantissa bits gathered before the rest is only remembered as "something more". */
    private static final int GATHERED_BITS = 60;

    private NumberReader() {}

    /** The number in {@code text} as {@link Long} or {@link Double}; none if it is no numeral. */
    public static @Nullable Number read(byte[] text, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end && Ascii.isSpace(text[at])) {
            at++;
        }
        while (end > at && Ascii.isSpace(text[end - 1])) {
            end--;
        }
        if (at == end) {
            return null;
        }
        boolean negative = text[at] == '-';
        if (negative || text[at] == '+') {
            at++;
        }
        if (end - at >= 2 && text[at] == '0' && (text[at + 1] | 32) == 'x') {
            return readHexadecimal(text, at + 2, end, negative);
        }
        return readDecimal(text, at, end, negative);
    }

    private static @Nullable Number readDecimal(byte[] text, int from, int end, boolean negative) {
        long value = 0;
        int at = from;
        while (at < end && Ascii.isDigit(text[at])) {
            int digit = text[at] - '0';
            boolean overflows = value < 0
                    || value > Long.MAX_VALUE / 10
                    || (value == Long.MAX_VALUE / 10 && digit > (negative ? 8 : 7));
            if (overflows) {
                return readDecimalFloat(text, from, end, negative);
            }
            value = value * 10 + digit;
            at++;
        }
        if (at < end) {
            return readDecimalFloat(text, from, end, negative);
        }
        return at == from ? null : Long.valueOf(negative ? -value : value);
    }

    private static @Nullable Number readDecimalFloat(byte[] text, int from, int end, boolean negative) {
        long mantissa = 0;
        int digits = 0;
        int scale = 0;
        boolean any = false;
        boolean point = false;
        int at = from;
        for (; at < end; at++) {
            int c = text[at];
            if (Ascii.isDigit(c)) {
                any = true;
                if (digits > 0 || c != '0') {
                    digits++;
                    if (digits <= 18) {
                        mantissa = mantissa * 10 + c - '0';
                    }
                }
                if (point) {
                    scale--;
                }
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (!any) {
            return null;
        }
        if (at < end) {
            int exponent = readExponent(text, at, end, 'e');
            if (exponent == NO_EXPONENT) {
                return null;
            }
            scale += exponent;
        }
        double value;
        if (digits <= 18 && mantissa <= EXACT_WHOLE && scale >= -22 && scale <= 22) {
            value = scale < 0 ? mantissa / EXACT_POWERS[-scale] : mantissa * EXACT_POWERS[scale];
        } else {
            value = Double.parseDouble(new String(text, from, end - from, StandardCharsets.ISO_8859_1));
        }
        return negative ? -value : value;
    }

    private static @Nullable Number readHexadecimal(byte[] text, int from, int end, boolean negative) {
        long value = 0;
        int at = from;
        while (at < end && Ascii.isHexDigit(text[at])) {
            value = (value << 4) | Ascii.hexValue(text[at++]);
        }
        if (at == end) {
            return at == from ? null : Long.valueOf(negative ? -value : value);
        }
        return readHexadecimalFloat(text, from, end, negative);
    }

    private static @Nullable Number readHexadecimalFloat(byte[] text, int from, int end, boolean negative) {
        long mantissa = 0;
        boolean more = false;
        long exponent = 0;
        boolean any = false;
        boolean point = false;
        int at = from;
        for (; at < end; at++) {
            int c = text[at];
            if (Ascii.isHexDigit(c)) {
                any = true;
                if (mantissa >>> GATHERED_BITS - 4 == 0) {
                    mantissa = (mantissa << 4) | Ascii.hexValue(c);
                    exponent -= point ? 4 : 0;
                } else {
                    more |= c != '0';
                    exponent += point ? 0 : 4;
                }
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (!any) {
            return null;
        }
        if (at < end) {
            int given = readExponent(text, at, end, 'p');
            if (given == NO_EXPONENT) {
                return null;
            }
            exponent += given;
        }
        double value = compose(mantissa, more, exponent);
        return negative ? -value : value;
    }

    /**
     * Reads the letter of an exponent, its sign, and its digits up to {@code end}. Gives {@link #EXPONENT_LIMIT} at
     * most either way, or {@link #NO_EXPONENT} if there is anything else.
     *
     * @param letter in lower case
     */
    private static int readExponent(byte[] text, int from, int end, char letter) {
        if ((text[from] | 32) != letter) {
            return NO_EXPONENT;
        }
        int at = from + 1;
        boolean minus = at < end && text[at] == '-';
        if (at < end && (minus || text[at] == '+')) {
            at++;
        }
        if (at == end) {
            return NO_EXPONENT;
        }
        int exponent = 0;
        for (int i = at; i < end; i++) {
            if (!Ascii.isDigit(text[i])) {
                return NO_EXPONENT;
            }
            if (exponent < EXPONENT_LIMIT / 10) {
                exponent = exponent * 10 + text[i] - '0';
            }
        }
        return minus ? -exponent : exponent;
    }

    /** {@code mantissa * 2^exponent} rounded once, {@code more} saying that nonzero bits follow the mantissa. */
    private static double compose(long mantissa, boolean more, long exponent) {
        if (mantissa == 0) {
            return 0.0;
        }
        int bits = 64 - Long.numberOfLeadingZeros(mantissa);
        long top = exponent + bits - 1;
        if (top > 1023) {
            return Double.POSITIVE_INFINITY;
        }
        int kept = (int) Math.min(53, top + 1075);
        if (kept < 0) {
            return 0.0;
        }
        int dropped = bits - kept;
        if (dropped <= 0) {
            return Math.scalb((double) mantissa, (int) exponent);
        }
        long result = mantissa >>> dropped;
        long rest = mantissa - (result << dropped);
        long half = 1L << (dropped - 1);
        if (rest > half || (rest == half && (more || (result & 1) != 0))) {
            result++;
        }
        return Math.scalb((double) result, (int) (exponent + dropped));
    }
}
