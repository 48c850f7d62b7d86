package io.memroute.lua.text;

import java.util.Locale;

/**
 * One directive of {@code string.format}: reads it from the format string, checks it as Lua does (manual section 6.4:
 * widths and precisions have at most two digits, each conversion accepts its own flags) and writes values by C99's
 * {@code printf} rules. Reusable; not thread safe.
 *
 * <p>A caller reads with {@link #read}, looks at {@link #conversion()}, fetches the argument and calls the writer for
 * it.
 */
public final class FormatDirective {
    private static final int LEFT = 1;
    private static final int PLUS = 2;
    private static final int ALTERNATE = 4;
    private static final int ZERO = 8;
    private static final int SPACE = 16;

    private static final int FLOAT_FLAGS = LEFT | PLUS | ALTERNATE | ZERO | SPACE;
    private static final int HEX_OCTAL_FLAGS = LEFT | ALTERNATE | ZERO;
    private static final int INTEGER_FLAGS = LEFT | PLUS | ZERO | SPACE;
    private static final int UNSIGNED_FLAGS = LEFT | ZERO;
    private static final int TEXT_FLAGS = LEFT;

    /** C Lua's buffer holds this many bytes between the percent sign and the end of the conversion. */
    private static final int LONGEST = 21;

    /** Strings this long are never padded: no width reaches them. */
    private static final int NEVER_PADDED = 100;

    private final ByteBuilder number = new ByteBuilder(64);
    private byte[] format = {};
    private int start;
    private int end;
    private int flags;
    private int width;
    private int precision;

    /**
     * Reads the directive that begins at {@code from}, just behind its percent sign.
     *
     * @return the index behind the conversion character
     * @throws TextError if it is longer than any valid directive
     */
    public int read(byte[] format, int from, int limit) {
        this.format = format;
        start = from;
        int at = from;
        while (at < limit && isModifier(format[at])) {
            at++;
        }
        if (at - from + 1 > LONGEST) {
            throw new TextError("invalid format (too long)");
        }
        end = Math.min(at + 1, limit);
        flags = 0;
        width = 0;
        precision = -1;
        return end;
    }

    /** The conversion character, 0 if the format string ended first. */
    public int conversion() {
        return end > start && !isModifier(format[end - 1]) ? format[end - 1] & 0xff : 0;
    }

    /** True if there are no flags, width or precision. */
    public boolean isPlain() {
        return end - start == 1;
    }

    /** The error for a conversion character that Lua does not know. */
    public TextError unknownConversion() {
        return new TextError("invalid conversion '" + text() + "' to 'format'");
    }

    /** {@code %c}: one byte. */
    public void writeCharacter(ByteBuilder out, int c) {
        check(TEXT_FLAGS, false);
        pad(out, 1, LEFT);
        out.append(c);
        padRight(out, 1);
    }

    /** Checks {@code %c} before its argument is looked at, the order in which Lua reports errors. */
    public void checkCharacter() {
        check(TEXT_FLAGS, false);
    }

    /** Checks {@code %a} before its argument is looked at. */
    public void checkFloat() {
        check(FLOAT_FLAGS, true);
    }

    /** {@code %d}, {@code %i}, {@code %u}, {@code %o}, {@code %x}, {@code %X}. */
    public void writeInteger(ByteBuilder out, long value) {
        switch (conversion()) {
            case 'd', 'i' -> writeSigned(out, value);
            case 'u' -> {
                check(UNSIGNED_FLAGS, true);
                writeUnsigned(out, Long.toUnsignedString(value), "");
            }
            case 'o' -> {
                check(HEX_OCTAL_FLAGS, true);
                String digits = Long.toOctalString(value);
                boolean needsZero =
                        (flags & ALTERNATE) != 0 && precision <= digits.length() && (value != 0 || precision == 0);
                if (value == 0 && precision == 0) {
                    writeUnsigned(out, "", needsZero ? "0" : "");
                } else {
                    writeUnsigned(out, needsZero ? "0" + digits : digits, "");
                }
            }
            case 'x' -> {
                check(HEX_OCTAL_FLAGS, true);
                writeUnsigned(out, Long.toHexString(value), (flags & ALTERNATE) != 0 && value != 0 ? "0x" : "");
            }
            default -> {
                check(HEX_OCTAL_FLAGS, true);
                writeUnsigned(
                        out,
                        Long.toHexString(value).toUpperCase(Locale.ROOT),
                        (flags & ALTERNATE) != 0 && value != 0 ? "0X" : "");
            }
        }
    }

    /** {@code %a}, {@code %A}, {@code %e}, {@code %E}, {@code %f}, {@code %g}, {@code %G}. */
    public void writeFloat(ByteBuilder out, double value) {
        check(FLOAT_FLAGS, true);
        int conversion = conversion();
        boolean finite = Double.isFinite(value);
        number.clear();
        double size = Math.abs(value);
        boolean alternate = (flags & ALTERNATE) != 0;
        int places = precision < 0 ? 6 : precision;
        if (!finite) {
            number.append(Double.isNaN(value) ? "nan" : "inf");
        } else {
            switch (conversion) {
                case 'a', 'A' -> FloatFormat.hexadecimal(number, size, precision, alternate);
                case 'e', 'E' -> FloatFormat.scientific(number, size, places, alternate);
                case 'f' -> FloatFormat.fixed(number, size, places, alternate);
                default -> FloatFormat.general(number, size, places, alternate);
            }
        }
        if (Ascii.isUpper(conversion)) {
            byte[] bytes = number.array();
            for (int i = 0; i < number.length(); i++) {
                bytes[i] = (byte) Ascii.toUpper(bytes[i]);
            }
        }
        int sign = signOf(Double.doubleToRawLongBits(value) < 0);
        int length = number.length() + (sign != 0 ? 1 : 0);
        boolean zeros = finite && (flags & (ZERO | LEFT)) == ZERO;
        if (!zeros) {
            pad(out, length, LEFT);
        }
        if (sign != 0) {
            out.append(sign);
        }
        int prefix = 0;
        if (zeros) {
            if (finite && (conversion == 'a' || conversion == 'A')) {
                prefix = 2;
                out.append(number.array(), 0, prefix);
            }
            out.appendRepeated('0', width - length);
        }
        out.append(number.array(), prefix, number.length() - prefix);
        padRight(out, length);
    }

    /**
     * {@code %s} with modifiers; without any, the caller appends the string as it is.
     *
     * @param argument the number of the argument, for the error
     */
    public void writeString(ByteBuilder out, byte[] text, int from, int length, int argument) {
        for (int i = 0; i < length; i++) {
            if (text[from + i] == 0) {
                throw new TextError(argument, "string contains zeros");
            }
        }
        check(TEXT_FLAGS, true);
        if (precision < 0 && length >= NEVER_PADDED) {
            out.append(text, from, length);
            return;
        }
        int shown = precision < 0 ? length : Math.min(length, precision);
        pad(out, shown, LEFT);
        out.append(text, from, shown);
        padRight(out, shown);
    }

    /** {@code %p}: an address as text, for instance {@code 0x1a2b}. */
    public void writePointer(ByteBuilder out, String address) {
        check(TEXT_FLAGS, false);
        pad(out, address.length(), LEFT);
        out.append(address);
        padRight(out, address.length());
    }

    /** Checks that {@code %q} stands alone. */
    public void checkQuoted() {
        if (!isPlain()) {
            throw new TextError("specifier '%q' cannot have modifiers");
        }
    }

    private void writeSigned(ByteBuilder out, long value) {
        check(INTEGER_FLAGS, true);
        if (isPlain()) {
            NumberText.append(out, value);
            return;
        }
        number.clear();
        if (value != 0 || precision != 0) {
            NumberText.append(number, value);
        }
        int skip = value < 0 ? 1 : 0;
        writeDigits(out, number.array(), skip, number.length() - skip, signOf(value < 0), "");
    }

    private void writeUnsigned(ByteBuilder out, String digits, String prefix) {
        number.clear();
        if (!(precision == 0 && digits.equals("0"))) {
            number.append(digits);
        }
        writeDigits(out, number.array(), 0, number.length(), 0, prefix);
    }

    private void writeDigits(ByteBuilder out, byte[] digits, int from, int count, int sign, String prefix) {
        int zeros = Math.max(precision - count, 0);
        int length = count + zeros + (sign != 0 ? 1 : 0) + prefix.length();
        if (precision < 0 && (flags & (ZERO | LEFT)) == ZERO) {
            zeros = Math.max(width - length, 0);
            length += zeros;
        }
        pad(out, length, LEFT);
        if (sign != 0) {
            out.append(sign);
        }
        out.append(prefix);
        out.appendRepeated('0', zeros);
        out.append(digits, from, count);
        padRight(out, length);
    }

    private int signOf(boolean negative) {
        if (negative) {
            return '-';
        }
        return (flags & PLUS) != 0 ? '+' : (flags & SPACE) != 0 ? ' ' : 0;
    }

    private void pad(ByteBuilder out, int length, int unless) {
        if ((flags & unless) == 0) {
            out.appendRepeated(' ', width - length);
        }
    }

    private void padRight(ByteBuilder out, int length) {
        if ((flags & LEFT) != 0) {
            out.appendRepeated(' ', width - length);
        }
    }

    /** Reads flags, width and precision, accepting what the conversion accepts. */
    private void check(int accepted, boolean precisionAccepted) {
        if (isPlain()) {
            return;
        }
        int at = start;
        while ((flagOf(format[at]) & accepted) != 0) {
            flags |= flagOf(format[at++]);
        }
        if (format[at] != '0') {
            width = 0;
            for (int digits = 0; digits < 2 && Ascii.isDigit(format[at]); digits++) {
                width = width * 10 + format[at++] - '0';
            }
            if (format[at] == '.' && precisionAccepted) {
                at++;
                precision = 0;
                for (int digits = 0; digits < 2 && Ascii.isDigit(format[at]); digits++) {
                    precision = precision * 10 + format[at++] - '0';
                }
            }
        }
        if (at != end - 1) {
            throw new TextError("invalid conversion specification: '" + text() + "'");
        }
    }

    /** The directive as written, with its percent sign, up to the first zero byte as C would show it. */
    private String text() {
        StringBuilder text = new StringBuilder("%");
        for (int i = start; i < end && format[i] != 0; i++) {
            text.append((char) (format[i] & 0xff));
        }
        return text.toString();
    }

    private static boolean isModifier(int c) {
        return Ascii.isDigit(c) || c == '.' || flagOf(c) != 0;
    }

    private static int flagOf(int c) {
        return switch (c) {
            case '-' -> LEFT;
            case '+' -> PLUS;
            case '#' -> ALTERNATE;
            case '0' -> ZERO;
            case ' ' -> SPACE;
            default -> 0;
        };
    }
}
