package io.memroute.lua.text;

/**
 * UTF-8 as Lua's {@code utf8} library takes it: up to six bytes and 31 bits (the original definition, RFC 2279); the
 * strict form allows what RFC 3629 allows, up to U+10FFFF and no surrogates. Overlong forms are always refused.
 */
public final class Utf8 {
    /** The largest value that six bytes hold. */
    public static final long MAX_VALUE = 0x7FFFFFFFL;

    /** The longest sequence. */
    public static final int MAX_BYTES = 6;

    /** The result of {@link #decode} for bytes that are not UTF-8. */
    public static final long INVALID = -1;

    private static final int MAX_UNICODE = 0x10FFFF;

    /** The smallest value that needs as many continuation bytes as the index says. */
    private static final long[] SMALLEST = {Long.MAX_VALUE, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};

    private Utf8() {}

    public static boolean isContinuation(int b) {
        return (b & 0xC0) == 0x80;
    }

    /**
     * Decodes the sequence at {@code from}.
     *
     * @return its value in the low 32 bits and its length in bytes above them, or {@link #INVALID}
     */
    public static long decode(byte[] text, int from, int end, boolean strict) {
        int first = text[from] & 0xff;
        if (first < 0x80) {
            return 1L << 32 | first;
        }
        int count = 0;
        long value = 0;
        for (int lead = first; (lead & 0x40) != 0; lead <<= 1) {
            count++;
            if (count > 5 || from + count >= end || !isContinuation(text[from + count])) {
                return INVALID;
            }
            value = value << 6 | (text[from + count] & 0x3F);
        }
        if (count == 0) {
            return INVALID;
        }
        value |= (long) (first & (0x3F >> count)) << (count * 6);
        if (value > MAX_VALUE || value < SMALLEST[count]) {
            return INVALID;
        }
        if (strict && (value > MAX_UNICODE || (value >= 0xD800 && value <= 0xDFFF))) {
            return INVALID;
        }
        return (count + 1L) << 32 | value;
    }

    /** Appends {@code value}, which is between 0 and {@link #MAX_VALUE}. */
    public static void append(ByteBuilder out, long value) {
        if (value < 0x80) {
            out.append((int) value);
            return;
        }
        int count = 1;
        while (count < 5 && value >= SMALLEST[count + 1]) {
            count++;
        }
        int lead = (0xFF80 >> count) & 0xFF;
        out.append(lead | (int) (value >>> (6 * count)));
        for (int i = count - 1; i >= 0; i--) {
            out.append(0x80 | (int) (value >>> (6 * i)) & 0x3F);
        }
    }
}
