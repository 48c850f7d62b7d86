package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Decimal numbers as memcached reads them from tokens: digits only, a leading {@code '-'} where the type is signed, no
 * {@code '+'}, no blanks; at most 11 characters for 32 bits and 20 for 64.
 *
 * <p>An empty range is the number 0, as in memcached; callers that need a digit check the length.
 */
public final class Decimal {
    /** The result of the 32-bit readers for text that is no number or does not fit. */
    public static final long INVALID = Long.MIN_VALUE;

    private static final int MAX_LENGTH_32 = 11;
    private static final int MAX_LENGTH_64 = 20;

    private Decimal() {}

    /** An unsigned 32-bit number, or {@link #INVALID}. */
    public static long unsigned32(ByteBuf buffer, int index, int length) {
        if (length > MAX_LENGTH_32) {
            return INVALID;
        }
        long sum = 0;
        for (int i = index, end = index + length; i < end; i++) {
            int digit = buffer.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            sum = sum * 10 + digit;
        }
        return sum <= 0xFFFF_FFFFL ? sum : INVALID;
    }

    /** A signed 32-bit number, or {@link #INVALID}. A lone {@code '-'} is 0. */
    public static long signed32(ByteBuf buffer, int index, int length) {
        if (length > MAX_LENGTH_32) {
            return INVALID;
        }
        if (length == 0 || buffer.getByte(index) != '-') {
            long value = unsigned32(buffer, index, length);
            return value <= Integer.MAX_VALUE ? value : INVALID;
        }
        long value = unsigned32(buffer, index + 1, length - 1);
        return value == INVALID || value > 1L + Integer.MAX_VALUE ? INVALID : -value;
    }

    /** Whether the range is an unsigned 64-bit number. */
    public static boolean isUnsigned64(ByteBuf buffer, int index, int length) {
        if (length > MAX_LENGTH_64) {
            return false;
        }
        for (int i = index, end = index + length; i < end; i++) {
            int digit = buffer.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
        }
        // Only twenty digits can overflow; then the first nineteen fit in 63 bits and the sum wraps below them.
        return length < MAX_LENGTH_64
                || buffer.getByte(index) < '1'
                || buffer.getByte(index) == '1' && unsigned64(buffer, index, length) < 0;
    }

    /**
     * Whether {@code set} and its kin take the range for client flags: digits, perhaps after a {@code '+'}, that fit in
     * 64 bits. memcached reads these with the C library's functions and keeps the low 32 bits.
     */
    static boolean isLenientUnsigned(ByteBuf buffer, int index, int length) {
        if (length == 1) {
            int digit = buffer.getByte(index) - '0';
            return digit >= 0 && digit <= 9;
        }
        int sign = length > 0 && buffer.getByte(index) == '+' ? 1 : 0;
        return length > sign && isUnsigned64(buffer, index + sign, length - sign);
    }

    /** Returns the same for the expiration time: a {@code '-'} is taken too, and 63 bits. */
    static boolean isLenientSigned(ByteBuf buffer, int index, int length) {
        if (length == 1) {
            int digit = buffer.getByte(index) - '0';
            return digit >= 0 && digit <= 9;
        }
        int sign = length > 0 && (buffer.getByte(index) == '+' || buffer.getByte(index) == '-') ? 1 : 0;
        return length > sign
                && isUnsigned64(buffer, index + sign, length - sign)
                && unsigned64(buffer, index + sign, length - sign) >= 0;
    }

    /** The low 32 bits of a number with an optional sign, as {@code set} keeps its flags and expiration time. */
    public static int lenient32(ByteBuf buffer, int index, int length) {
        int first = buffer.getByte(index);
        int sign = first == '+' || first == '-' ? 1 : 0;
        int value = (int) unsigned64(buffer, index + sign, length - sign);
        return first == '-' ? -value : value;
    }

    /** The 64 bits of a number for which {@link #isUnsigned64} holds; above 2^63 - 1 the result is negative. */
    public static long unsigned64(ByteBuf buffer, int index, int length) {
        long sum = 0;
        for (int i = index, end = index + length; i < end; i++) {
            sum = sum * 10 + (buffer.getByte(i) - '0');
        }
        return sum;
    }

    /** Writes 64 bits as an unsigned number at the writer index. */
    public static void write(ByteBuf out, long unsigned) {
        if (unsigned < 0) {
            long tens = Long.divideUnsigned(unsigned, 10);
            write(out, tens);
            out.writeByte((int) (unsigned - tens * 10) + '0');
            return;
        }
        int digits = digits(unsigned);
        int end = out.writerIndex() + digits;
        out.ensureWritable(digits);
        long rest = unsigned;
        for (int i = end - 1; i >= end - digits; i--) {
            long tens = rest / 10;
            out.setByte(i, (int) (rest - tens * 10) + '0');
            rest = tens;
        }
        out.writerIndex(end);
    }

    /** The number of digits of a number that is not negative. */
    static int digits(long number) {
        int digits = 1;
        for (long limit = 10; digits < 19 && number >= limit; limit *= 10) {
            digits++;
        }
        return digits;
    }
}
