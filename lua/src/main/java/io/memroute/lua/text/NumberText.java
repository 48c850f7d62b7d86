package io.memroute.lua.text;

/**
 * Numbers as {@code tostring} writes them: integers in decimal, floats as C's {@code %.14g} with {@code .0} added where
 * the result would read as an integer (manual section 3.4.3). The sign of a NaN is shown as {@code printf} shows it, so
 * {@code 0/0} gives {@code -nan} on hardware whose division makes a negative NaN, x86-64 among it.
 */
public final class NumberText {
    /** The significant digits of Lua's LUAI_NUMFFORMAT. */
    private static final int FLOAT_DIGITS = 14;

    /** The longest text of a long, "-9223372036854775808". */
    private static final int LONGEST_INTEGER = 20;

    private NumberText() {}

    /** Appends {@code value} in decimal. */
    public static void append(ByteBuilder out, long value) {
        if (value == Long.MIN_VALUE) {
            out.append("-9223372036854775808");
            return;
        }
        long rest = Math.abs(value);
        int length = digitsOf(rest) + (value < 0 ? 1 : 0);
        int at = out.extend(length);
        byte[] bytes = out.array();
        int i = at + length;
        do {
            long next = rest / 10;
            bytes[--i] = (byte) ('0' + (int) (rest - next * 10));
            rest = next;
        } while (rest != 0);
        if (value < 0) {
            bytes[at] = '-';
        }
    }

    /** Appends {@code value} so that it reads back as a float. */
    public static void append(ByteBuilder out, double value) {
        int start = out.length();
        appendPlain(out, value);
        byte[] bytes = out.array();
        for (int i = start; i < out.length(); i++) {
            if (!Ascii.isDigit(bytes[i]) && bytes[i] != '-') {
                return;
            }
        }
        out.append('.').append('0');
    }

    /** Appends {@code value} as {@code %.14g} does, whole numbers without a point. */
    public static void appendPlain(ByteBuilder out, double value) {
        if (appendSpecial(out, value)) {
            return;
        }
        if (Math.abs(value) < 1e14 && value == (long) value) {
            if (value == 0 && Double.doubleToRawLongBits(value) < 0) {
                out.append('-');
            }
            append(out, (long) value);
            return;
        }
        FloatFormat.appendGeneral(out, value, FLOAT_DIGITS);
    }

    public static byte[] bytes(long value) {
        ByteBuilder out = new ByteBuilder(LONGEST_INTEGER);
        append(out, value);
        return out.toByteArray();
    }

    public static byte[] bytes(double value) {
        ByteBuilder out = new ByteBuilder(24);
        append(out, value);
        return out.toByteArray();
    }

    /** Appends inf, nan and their negatives; false for a finite value. */
    static boolean appendSpecial(ByteBuilder out, double value) {
        if (Double.isFinite(value)) {
            return false;
        }
        if (Double.doubleToRawLongBits(value) < 0) {
            out.append('-');
        }
        out.append(Double.isNaN(value) ? "nan" : "inf");
        return true;
    }

    private static int digitsOf(long value) {
        int digits = 1;
        long bound = 10;
        while (digits < 19 && value >= bound) {
            bound *= 10;
            digits++;
        }
        return digits;
    }
}
