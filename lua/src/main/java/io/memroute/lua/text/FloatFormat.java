package io.memroute.lua.text;

/**
 * The float conversions of {@code printf}: {@code %e}, {@code %f}, {@code %g} and {@code %a} (C99 section 7.19.6.1),
 * without sign and padding, which {@link FormatDirective} adds. Values are finite and not negative unless said
 * otherwise.
 */
final class FloatFormat {
    private static final int EXPONENT_BIAS = 1023;
    private static final int FRACTION_BITS = 52;
    private static final int FRACTION_NIBBLES = FRACTION_BITS / 4;
    private static final byte[] HEX_DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private FloatFormat() {}

    /** Appends any finite value, sign included, as {@code %.<precision>g}. */
    static void appendGeneral(ByteBuilder out, double value, int precision) {
        if (Double.doubleToRawLongBits(value) < 0) {
            out.append('-');
        }
        general(out, Math.abs(value), precision, false);
    }

    /** {@code %e}: one digit, a point, {@code precision} digits and an exponent of at least two digits. */
    static void scientific(ByteBuilder out, double value, int precision, boolean keepPoint) {
        scientific(out, DecimalDigits.significant(value, precision + 1), precision, keepPoint);
    }

    /** {@code %f}: the whole part, a point and {@code precision} digits. */
    static void fixed(ByteBuilder out, double value, int precision, boolean keepPoint) {
        fixed(out, DecimalDigits.fraction(value, precision), precision, keepPoint);
    }

    /**
     * {@code %g}: the shorter of the two above for {@code precision} significant digits, trailing zeros removed unless
     * {@code alternate}.
     */
    static void general(ByteBuilder out, double value, int precision, boolean alternate) {
        int significant = Math.max(precision, 1);
        DecimalDigits digits = DecimalDigits.significant(value, significant);
        int places = significant;
        if (!alternate) {
            int used = digits.count;
            while (used > 1 && digits.digits[used - 1] == '0') {
                used--;
            }
            places = Math.max(used, 1);
        }
        if (digits.exponent < -4 || digits.exponent >= significant) {
            scientific(out, digits, places - 1, alternate);
        } else {
            fixed(out, digits, Math.max(places - 1 - digits.exponent, 0), alternate);
        }
    }

    /** {@code %a}: {@code precision} hexadecimal digits behind the point, or as many as it takes if negative. */
    static void hexadecimal(ByteBuilder out, double value, int precision, boolean keepPoint) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & ((1L << FRACTION_BITS) - 1);
        int biased = (int) (bits >>> FRACTION_BITS);
        long lead = biased == 0 ? 0 : 1;
        int exponent = biased == 0 ? (fraction == 0 ? 0 : 1 - EXPONENT_BIAS) : biased - EXPONENT_BIAS;
        int nibbles = FRACTION_NIBBLES;
        if (precision >= 0 && precision < FRACTION_NIBBLES) {
            int dropped = (FRACTION_NIBBLES - precision) * 4;
            long whole = (lead << FRACTION_BITS) | fraction;
            long kept = whole >>> dropped;
            long rest = whole & ((1L << dropped) - 1);
            long half = 1L << (dropped - 1);
            if (rest > half || (rest == half && (kept & 1) != 0)) {
                kept++;
            }
            nibbles = precision;
            lead = kept >>> (4 * precision);
            fraction = kept & ((1L << (4 * precision)) - 1);
        } else if (precision < 0) {
            while (nibbles > 0 && (fraction & 15) == 0) {
                fraction >>>= 4;
                nibbles--;
            }
        }
        out.append('0').append('x').append(HEX_DIGITS[(int) lead]);
        if (nibbles > 0 || precision > 0 || keepPoint) {
            out.append('.');
        }
        for (int i = nibbles - 1; i >= 0; i--) {
            out.append(HEX_DIGITS[(int) (fraction >>> (4 * i)) & 15]);
        }
        out.appendRepeated('0', precision - nibbles);
        out.append('p').append(exponent < 0 ? '-' : '+');
        NumberText.append(out, Math.abs(exponent));
    }

    private static void scientific(ByteBuilder out, DecimalDigits digits, int places, boolean keepPoint) {
        int exponent = digits.exponent;
        out.append(digits.digitAt(exponent));
        if (places > 0 || keepPoint) {
            out.append('.');
        }
        for (int i = 1; i <= places; i++) {
            out.append(digits.digitAt(exponent - i));
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            out.append('0');
        }
        NumberText.append(out, size);
    }

    private static void fixed(ByteBuilder out, DecimalDigits digits, int places, boolean keepPoint) {
        int top = digits.count == 0 ? 0 : Math.max(digits.exponent, 0);
        for (int power = top; power >= 0; power--) {
            out.append(digits.digitAt(power));
        }
        if (places > 0 || keepPoint) {
            out.append('.');
        }
        for (int power = -1; power >= -places; power--) {
            out.append(digits.digitAt(power));
        }
    }
}
