package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/** Cyclic redundancy checks used as hashes, with what clients make of them. */
public final class Crc {

    /** The polynomial of zlib's CRC-32, its bits reversed. */
    private static final int POLYNOMIAL_32 = 0xEDB8_8320;

    /** The polynomial of CRC-16/XMODEM. */
    private static final int POLYNOMIAL_16 = 0x1021;

    private static final int[] TABLE_32 = new int[256];
    private static final int[] TABLE_16 = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int reversed = i;
            int straight = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                reversed = reversed >>> 1 ^ ((reversed & 1) != 0 ? POLYNOMIAL_32 : 0);
                straight = straight << 1 ^ ((straight & 0x8000) != 0 ? POLYNOMIAL_16 : 0);
            }
            TABLE_32[i] = reversed;
            TABLE_16[i] = straight & 0xffff;
        }
    }

    private Crc() {}

    /** zlib's CRC-32. */
    public static long crc32(ByteBuf bytes, int index, int length) {
        return Integer.toUnsignedLong(~update(~0, bytes, index, length));
    }

    /**
     * Fifteen bits from the middle of {@link #crc32}: what twemproxy calls {@code crc32}, and libmemcached {@code crc}.
     */
    public static long crc32Middle(ByteBuf bytes, int index, int length) {
        return crc32(bytes, index, length) >>> 16 & 0x7fff;
    }

    /** {@link #crc32Middle}, but 1 for 0: python-memcached, and PECL memcache. */
    public static long crc32MiddleNotZero(ByteBuf bytes, int index, int length) {
        long middle = crc32Middle(bytes, index, length);
        return middle == 0 ? 1 : middle;
    }

    /** All but the highest bit of {@link #crc32}: mcrouter's {@code Crc32}. */
    public static long crc32Lower31(ByteBuf bytes, int index, int length) {
        return crc32(bytes, index, length) & 0x7fff_ffff;
    }

    /** CRC-16/XMODEM that is never cut to 16 bits while it shifts, so 32 bits wide: twemproxy's {@code crc16}. */
    public static long crc16Wide(ByteBuf bytes, int index, int length) {
        int crc = 0;
        for (int i = index; i < index + length; i++) {
            crc = crc << 8 ^ TABLE_16[(crc >>> 8 ^ bytes.getByte(i)) & 0xff];
        }
        return Integer.toUnsignedLong(crc);
    }

    /** Goes on with a CRC-32 that is kept inverted. */
    private static int update(int crc, ByteBuf bytes, int index, int length) {
        for (int i = index; i < index + length; i++) {
            crc = crc >>> 8 ^ TABLE_32[(crc ^ bytes.getByte(i)) & 0xff];
        }
        return crc;
    }
}
