package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Searches and compares bytes eight at a time inside one register.
 *
 * <p>All methods use absolute indexes, never move a reader or writer index, and never touch a byte outside the range
 * they were given.
 */
public final class Bytes {
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long SEVEN_BITS = 0x7F7F7F7F7F7F7F7FL;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SPACES = LOW_BITS * ' ';
    private static final long NEWLINES = LOW_BITS * '\n';

    private Bytes() {}

    /** Marks (high bit) exactly the bytes of {@code word} that are a space or a newline. */
    static long spacesAndNewlines(long word) {
        long s = word ^ SPACES;
        long n = word ^ NEWLINES;
        // A byte is zero if adding 0x7f to its low seven bits carries nowhere and its high bit is clear.
        long notSpace = ((s & SEVEN_BITS) + SEVEN_BITS) | s;
        long notNewline = ((n & SEVEN_BITS) + SEVEN_BITS) | n;
        return ~(notSpace & notNewline) & HIGH_BITS;
    }

    /** Marks bytes of {@code word} that are zero. Only the lowest mark is reliable. */
    static long zeros(long word) {
        return (word - LOW_BITS) & ~word & HIGH_BITS;
    }

    /**
     * Marks bytes of {@code word} that are 0x20 or less. Only the lowest mark is reliable: the subtraction may borrow
     * into bytes above it. One operation cheaper than an exact test, and enough to find the first.
     */
    static long controlsAndSpaces(long word) {
        return (word - LOW_BITS * 0x21) & ~word & HIGH_BITS;
    }

    /**
     * The first byte of 0x20 or less in {@code [index, to)}, or -1.
     *
     * @param from a lower bound of what may be read, at least eight bytes before {@code to}
     */
    static int controlOrSpace(ByteBuf buffer, int index, int from, int to) {
        int i = index;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long found = controlsAndSpaces(buffer.getLongLE(i));
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        if (i == to) {
            return -1;
        }
        // Zero bytes fill up the last word, and are found, too.
        int at = i + (Long.numberOfTrailingZeros(controlsAndSpaces(word(buffer, i, from, to))) >>> 3);
        return at < to ? at : -1;
    }

    /** The first {@code value} in {@code [from, to)}, or -1. */
    public static int indexOf(ByteBuf buffer, int from, int to, byte value) {
        long pattern = LOW_BITS * (value & 0xFF);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long x = buffer.getLongLE(i) ^ pattern;
            long found = (x - LOW_BITS) & ~x & HIGH_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (buffer.getByte(i) == value) {
                return i;
            }
        }
        return -1;
    }

    /** Whether {@code [index, index + length)} holds exactly {@code expected}. */
    public static boolean equal(ByteBuf buffer, int index, int length, byte[] expected) {
        if (length != expected.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(index + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Up to eight bytes from {@code index}, little endian, bytes at and after {@code to} as zero.
     *
     * @param index below {@code to}
     * @param from a lower bound of what may be read; a range of eight bytes or more is read with one access
     */
    static long word(ByteBuf buffer, int index, int from, int to) {
        if (to - index >= Long.BYTES) {
            return buffer.getLongLE(index);
        }
        if (to - from >= Long.BYTES) {
            return buffer.getLongLE(to - Long.BYTES) >>> ((Long.BYTES - (to - index)) * Byte.SIZE);
        }
        long word = 0;
        for (int i = index, shift = 0; i < to; i++, shift += Byte.SIZE) {
            word |= (buffer.getByte(i) & 0xFFL) << shift;
        }
        return word;
    }
}
