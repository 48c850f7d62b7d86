package io.memroute.lua.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * The decimal digits of a double, correctly rounded to a number of significant digits or of fraction digits.
 *
 * <p>C's {@code printf} rounds the exact binary value, ties to even. The exact value of a double has up to 767 digits,
 * so three ways are taken:
 *
 * <ul>
 *   <li>A value that is a whole number below 2^63 has its exact digits in a {@code long}.
 *   <li>Up to {@value #SHORTEST_IS_ENOUGH} digits can be had from the shortest digits that identify the double
 *       ({@link Double#toString}), by rounding those once more. This is exact except when the shortest digits end in a
 *       single 5 just behind the cut: if a tie <em>t</em> lay strictly between the shortest digits <em>s</em> and the
 *       exact value, <em>t</em> would be nearer to the value than <em>s</em> and no longer, so <em>s</em> would not
 *       have been chosen. When <em>s</em> is itself the tie, the third way decides. Not for subnormal values, where
 *       digits are fewer.
 *   <li>Everything else goes through {@link BigDecimal}.
 * </ul>
 */
final class DecimalDigits {
    /** Decimals of this many digits lie further apart than neighbouring normal doubles. */
    private static final int SHORTEST_IS_ENOUGH = 15;

    /** Below this, rounding up the shortest digits is not trusted: the precision of subnormal doubles falls. */
    private static final double SMALLEST_TRUSTED = 1e-290;

    /** The digits as ASCII, without leading zeros; empty for zero. */
    byte[] digits = {};

    /** The number of {@link #digits} that count. */
    int count;

    /** The power of ten of the first digit: 12.5 has digits 125 and exponent 1. */
    int exponent;

    private boolean exact;

    private DecimalDigits() {}

    /**
     * The first {@code places} significant digits of {@code value}, which is finite and not negative. {@code places >=
     * 1}.
     */
    static DecimalDigits significant(double value, int places) {
        DecimalDigits d = new DecimalDigits();
        if (d.load(value) && d.roundTo(places)) {
            return d;
        }
        d.set(new BigDecimal(value).round(new MathContext(places, RoundingMode.HALF_EVEN)));
        return d;
    }

    /**
     * The digits of {@code value} down to {@code places} digits behind the point. {@code value} is finite and not
     * negative.
     */
    static DecimalDigits fraction(double value, int places) {
        DecimalDigits d = new DecimalDigits();
        if (d.load(value) && d.roundTo(d.exponent + 1 + places)) {
            return d;
        }
        d.set(new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN));
        return d;
    }

    /** The digit at a power of ten, '0' outside the digits held. */
    int digitAt(int power) {
        int index = exponent - power;
        return index >= 0 && index < count ? digits[index] : '0';
    }

    private void set(BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        if (unscaled.signum() == 0) {
            digits = new byte[0];
            count = 0;
            exponent = 0;
            return;
        }
        digits = unscaled.toString().getBytes(StandardCharsets.ISO_8859_1);
        count = digits.length;
        exponent = count - 1 - value.scale();
    }

    /** Loads exact or shortest digits; false if only BigDecimal will do. */
    private boolean load(double value) {
        if (value < 9e18 && value == (long) value) {
            loadWhole((long) value);
            return true;
        }
        if (value < SMALLEST_TRUSTED) {
            return false;
        }
        loadShortest(Double.toString(value));
        return true;
    }

    private void loadWhole(long value) {
        exact = true;
        digits = new byte[20];
        int at = 20;
        while (value != 0) {
            long rest = value / 10;
            digits[--at] = (byte) ('0' + (value - rest * 10));
            value = rest;
        }
        count = 20 - at;
        System.arraycopy(digits, at, digits, 0, count);
        exponent = Math.max(count - 1, 0);
    }

    private void loadShortest(String text) {
        int length = text.length();
        digits = new byte[length];
        int pointAfter = -1;
        int written = 0;
        int leadingZeros = 0;
        int scale = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                pointAfter = written + leadingZeros;
            } else if (c == 'E') {
                scale = Integer.parseInt(text, i + 1, length, 10);
                break;
            } else if (c == '0' && written == 0) {
                leadingZeros++;
            } else {
                digits[written++] = (byte) c;
            }
        }
        while (written > 0 && digits[written - 1] == '0') {
            written--;
        }
        count = written;
        exponent = pointAfter - 1 - leadingZeros + scale;
    }

    /** Keeps {@code keep} digits; false if what is held does not decide the result. */
    private boolean roundTo(int keep) {
        if (!exact && keep > SHORTEST_IS_ENOUGH) {
            return false;
        }
        if (keep >= count) {
            return true;
        }
        if (keep < 0) {
            count = 0;
            return true;
        }
        int next = digits[keep];
        boolean up = next > '5';
        if (next == '5') {
            if (restIsZero(keep + 1)) {
                if (!exact) {
                    return false;
                }
                up = keep > 0 && (digits[keep - 1] & 1) != 0;
            } else {
                up = true;
            }
        }
        count = keep;
        if (up) {
            increment();
        }
        return true;
    }

    private boolean restIsZero(int from) {
        for (int i = from; i < count; i++) {
            if (digits[i] != '0') {
                return false;
            }
        }
        return true;
    }

    private void increment() {
        int i = count - 1;
        while (i >= 0 && digits[i] == '9') {
            digits[i--] = '0';
        }
        if (i >= 0) {
            digits[i]++;
            return;
        }
        digits[0] = '1';
        for (int k = 1; k < count; k++) {
            digits[k] = '0';
        }
        count = Math.max(count, 1);
        exponent++;
    }
}
