package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/**
 * Jenkins' one-at-a-time.
 *
 * @see "https://www.burtleburtle.net/bob/hash/doobs.html"
 */
public final class OneAtATime {

    private OneAtATime() {}

    /** Over {@code char} as C has it on x86: a byte from 0x80 counts as a negative number. */
    public static long signed(ByteBuf bytes, int index, int length) {
        int hash = 0;
        for (int i = index; i < index + length; i++) {
            hash = mix(hash, bytes.getByte(i));
        }
        return finish(hash);
    }

    /** Over bytes from 0 to 255. */
    public static long unsigned(ByteBuf bytes, int index, int length) {
        int hash = 0;
        for (int i = index; i < index + length; i++) {
            hash = mix(hash, bytes.getUnsignedByte(i));
        }
        return finish(hash);
    }

    private static int mix(int hash, int value) {
        hash += value;
        hash += hash << 10;
        return hash ^ hash >>> 6;
    }

    private static long finish(int hash) {
        hash += hash << 3;
        hash ^= hash >>> 11;
        hash += hash << 15;
        return Integer.toUnsignedLong(hash);
    }
}
