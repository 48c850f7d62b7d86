package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/**
 * Hashes over the UTF-16 units of a text, as Java and JavaScript have it, of a key that arrives as UTF-8. A byte that
 * is no UTF-8 counts as U+FFFD, by itself; no such client sends one.
 */
public final class Utf16 {

    /** Stands in the place of what is not UTF-8. */
    private static final int REPLACEMENT = 0xfffd;

    /** One step of a hash: what a further unit makes of it. */
    @FunctionalInterface
    private interface Step {
        long next(long hash, int unit);
    }

    private static final Step POLYNOMIAL = (hash, unit) -> (int) (31 * hash + unit);
    private static final Step FNV1_64 = (hash, unit) -> hash * Fnv.PRIME_64 ^ unit;
    private static final Step FNV1A_64 = (hash, unit) -> (hash ^ unit) * Fnv.PRIME_64;
    private static final Step FNV1_32 = (hash, unit) -> hash * Fnv.PRIME_32 ^ unit;
    private static final Step FNV1A_32 = (hash, unit) -> (hash ^ unit) * Fnv.PRIME_32;

    private Utf16() {}

    /** {@link String#hashCode} as an unsigned number. */
    public static long javaHash(ByteBuf bytes, int index, int length) {
        return fold(bytes, index, length, 0, POLYNOMIAL) & 0xffff_ffffL;
    }

    /** The magnitude of {@link String#hashCode}, from 0 to 2^31. */
    public static long javaHashMagnitude(ByteBuf bytes, int index, int length) {
        return Math.abs(fold(bytes, index, length, 0, POLYNOMIAL));
    }

    /** Fifteen bits from the middle of {@link String#hashCode}. */
    public static long javaHashMiddle(ByteBuf bytes, int index, int length) {
        return javaHash(bytes, index, length) >>> 16 & 0x7fff;
    }

    /** FNV-1 with 64 bits, of which the lower half is left. */
    public static long fnv1Of64(ByteBuf bytes, int index, int length) {
        return fold(bytes, index, length, Fnv.OFFSET_64, FNV1_64) & 0xffff_ffffL;
    }

    /** FNV-1a with 64 bits, of which the lower half is left. */
    public static long fnv1aOf64(ByteBuf bytes, int index, int length) {
        return fold(bytes, index, length, Fnv.OFFSET_64, FNV1A_64) & 0xffff_ffffL;
    }

    /** FNV-1 with 32 bits. */
    public static long fnv1Of32(ByteBuf bytes, int index, int length) {
        return fold(bytes, index, length, Fnv.OFFSET_32, FNV1_32) & 0xffff_ffffL;
    }

    /** FNV-1a with 32 bits. */
    public static long fnv1aOf32(ByteBuf bytes, int index, int length) {
        return fold(bytes, index, length, Fnv.OFFSET_32, FNV1A_32) & 0xffff_ffffL;
    }

    private static long fold(ByteBuf bytes, int index, int length, long start, Step step) {
        long hash = start;
        int end = index + length;
        for (int at = index; at < end; ) {
            int first = bytes.getByte(at);
            if (first >= 0) {
                hash = step.next(hash, first);
                at++;
                continue;
            }
            int codePoint = Utf8.codePoint(bytes, at, end);
            if (codePoint < 0) {
                hash = step.next(hash, REPLACEMENT);
                at++;
            } else if (codePoint < 0x1_0000) {
                hash = step.next(hash, codePoint);
                at += codePoint < 0x800 ? 2 : 3;
            } else {
                hash = step.next(hash, Character.highSurrogate(codePoint));
                hash = step.next(hash, Character.lowSurrogate(codePoint));
                at += 4;
            }
        }
        return hash;
    }
}
