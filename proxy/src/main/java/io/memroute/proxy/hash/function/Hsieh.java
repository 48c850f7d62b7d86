package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/**
 * Hsieh's SuperFastHash as twemproxy computes it: it starts with 0, not with the length.
 *
 * @see "https://www.azillionmonkeys.com/qed/hash.html"
 */
public final class Hsieh {

    private Hsieh() {}

    public static long of(ByteBuf bytes, int index, int length) {
        if (length == 0) {
            return 0;
        }
        int hash = 0;
        int at = index;
        for (int words = length >> 2; words > 0; words--) {
            hash += bytes.getUnsignedShortLE(at);
            int next = bytes.getUnsignedShortLE(at + 2) << 11 ^ hash;
            hash = hash << 16 ^ next;
            at += 4;
            hash += hash >>> 11;
        }
        switch (length & 3) {
            case 3 -> {
                hash += bytes.getUnsignedShortLE(at);
                hash ^= hash << 16;
                hash ^= bytes.getByte(at + 2) << 18;
                hash += hash >>> 11;
            }
            case 2 -> {
                hash += bytes.getUnsignedShortLE(at);
                hash ^= hash << 11;
                hash += hash >>> 17;
            }
            case 1 -> {
                hash += bytes.getUnsignedByte(at);
                hash ^= hash << 10;
                hash += hash >>> 1;
            }
            default -> {}
        }
        hash ^= hash << 3;
        hash += hash >>> 5;
        hash ^= hash << 4;
        hash += hash >>> 17;
        hash ^= hash << 25;
        hash += hash >>> 6;
        return Integer.toUnsignedLong(hash);
    }
}
