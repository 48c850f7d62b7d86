package io.memroute.lua.text;

/** {@code %q}: values written so that the Lua reader gets exactly the same value back (manual section 6.4). */
public final class QuotedText {
    private QuotedText() {}

    /** A string in double quotes; control bytes as decimal escapes, three digits only where a digit follows. */
    public static void append(ByteBuilder out, byte[] text, int from, int length) {
        out.append('"');
        int limit = from + length;
        for (int i = from; i < limit; i++) {
            int c = text[i] & 0xff;
            if (c == '"' || c == '\\' || c == '\n') {
                out.append('\\').append(c);
            } else if (Ascii.isControl(c)) {
                out.append('\\');
                if (i + 1 < limit && Ascii.isDigit(text[i + 1])) {
                    out.append('0' + c / 100).append('0' + c / 10 % 10).append('0' + c % 10);
                } else {
                    NumberText.append(out, c);
                }
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** An integer; the smallest one in hexadecimal, because its decimal digits would read as a float. */
    public static void append(ByteBuilder out, long value) {
        if (value == Long.MIN_VALUE) {
            out.append("0x8000000000000000");
        } else {
            NumberText.append(out, value);
        }
    }

    /** A float in hexadecimal, which loses nothing; infinities and NaN as expressions. */
    public static void append(ByteBuilder out, double value) {
        if (Double.isNaN(value)) {
            out.append("(0/0)");
        } else if (Double.isInfinite(value)) {
            out.append(value > 0 ? "1e9999" : "-1e9999");
        } else {
            if (Double.doubleToRawLongBits(value) < 0) {
                out.append('-');
            }
            FloatFormat.hexadecimal(out, Math.abs(value), -1, false);
        }
    }
}
