package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/**
 * Jenkins' lookup3 ({@code hashlittle}) with the start value 13, as twemproxy and libmemcached have it.
 *
 * @see "https://www.burtleburtle.net/bob/c/lookup3.c"
 */
public final class Jenkins {

    private static final int START = 0xdead_beef + 13;

    /** The bytes that one round takes. */
    private static final int BLOCK_BYTES = 12;

    private Jenkins() {}

    public static long of(ByteBuf bytes, int index, int length) {
        int a = START + length;
        int b = a;
        int c = a;
        int at = index;
        int left = length;
        while (left > BLOCK_BYTES) {
            a += bytes.getIntLE(at);
            b += bytes.getIntLE(at + 4);
            c += bytes.getIntLE(at + 8);
            a = a - c ^ Integer.rotateLeft(c, 4);
            c += b;
            b = b - a ^ Integer.rotateLeft(a, 6);
            a += c;
            c = c - b ^ Integer.rotateLeft(b, 8);
            b += a;
            a = a - c ^ Integer.rotateLeft(c, 16);
            c += b;
            b = b - a ^ Integer.rotateLeft(a, 19);
            a += c;
            c = c - b ^ Integer.rotateLeft(b, 4);
            b += a;
            at += BLOCK_BYTES;
            left -= BLOCK_BYTES;
        }
        if (left == 0) {
            return Integer.toUnsignedLong(c);
        }
        a += word(bytes, at, left);
        b += word(bytes, at + 4, left - 4);
        c += word(bytes, at + 8, left - 8);
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return Integer.toUnsignedLong(c);
    }

    /** Up to four bytes as a little-endian word, filled with zeros. */
    private static int word(ByteBuf bytes, int at, int left) {
        int word = 0;
        for (int i = Math.min(left, 4) - 1; i >= 0; i--) {
            word = word << 8 | bytes.getUnsignedByte(at + i);
        }
        return word;
    }
}
