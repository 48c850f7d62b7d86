package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Decimal numbers as memcached reads them from tokens: digits only, a leading {@code '-'} where the type is signed, no
 * {@code '+'}, no blanks; at most 11 characters for 32 bits and 20 for 64.
 *
 * <p>An empty range is the number 0, as in memcached; callers that need a digit check the length.
 */
public final class Decimal {
    /** What the 32-bit readers return for text that is no number or does not fit. */
    public static final long INVALID = Long.MIN_VALUE;

    private static final int MAX_LENGTH_32 = 11;
    private static final int MAX_LENGTH_64 = 20;

    private Decimal() {
    }

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

    /** The 64 bits of a number for which {@link #isUnsigned64} holds; above 2^63 - 1 the result is negative. */
    public static long unsigned64(ByteBuf buffer, int index, int length) {
        long sum = 0;
        for (int i = index, end = index + length; i < end; i++) {
            sum = sum * 10 + (buffer.getByte(i) - '0');
        }
        return sum;
    }
}
