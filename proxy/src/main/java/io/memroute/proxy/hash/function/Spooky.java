package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * The lower 32 bits of SpookyHash V2, seeded twice with the same number.
 *
 * @see "https://burtleburtle.net/bob/hash/spooky.html"
 */
public final class Spooky {

    private static final long FILL = 0xdead_beef_dead_beefL;

    /** Shorter texts are hashed with a state of four words. */
    private static final int LONG_BYTES = 192;

    private static final int WORDS = 12;
    private static final int BLOCK_BYTES = WORDS * Long.BYTES;

    private static final int[] SHORT_MIX = {50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36};
    private static final int[] SHORT_END = {15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63};
    private static final int[] LONG_MIX = {11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46};
    private static final int[] LONG_END = {44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54};

    private static final FastThreadLocal<long[]> STATE = new FastThreadLocal<>() {
        @Override
        protected long[] initialValue() {
            return new long[WORDS];
        }
    };

    private Spooky() {}

    /** Returns a number from 0 to 2^32-1. */
    public static long of(ByteBuf bytes, int index, int length, long seed) {
        long[] state = STATE.get();
        long hash = length < LONG_BYTES
                ? ofShort(bytes, index, length, seed, state)
                : ofLong(bytes, index, length, seed, state);
        return hash & 0xffff_ffffL;
    }

    private static long ofShort(ByteBuf bytes, int index, int length, long seed, long[] s) {
        s[0] = seed;
        s[1] = seed;
        s[2] = FILL;
        s[3] = FILL;
        int at = index;
        int left = length;
        for (; left >= 32; left -= 32, at += 32) {
            s[2] += bytes.getLongLE(at);
            s[3] += bytes.getLongLE(at + 8);
            mixShort(s);
            s[0] += bytes.getLongLE(at + 16);
            s[1] += bytes.getLongLE(at + 24);
        }
        if (left >= 16) {
            s[2] += bytes.getLongLE(at);
            s[3] += bytes.getLongLE(at + 8);
            mixShort(s);
            at += 16;
            left -= 16;
        }
        s[3] += (long) length << 56;
        if (left == 0) {
            s[2] += FILL;
            s[3] += FILL;
        } else {
            s[2] += word(bytes, at, left);
            s[3] += word(bytes, at + 8, left - 8);
        }
        for (int i = 0; i < SHORT_END.length; i++) {
            int own = i + 2 & 3;
            int next = i + 3 & 3;
            s[next] ^= s[own];
            s[own] = Long.rotateLeft(s[own], SHORT_END[i]);
            s[next] += s[own];
        }
        return s[0];
    }

    private static void mixShort(long[] s) {
        for (int i = 0; i < SHORT_MIX.length; i++) {
            int own = i + 2 & 3;
            s[own] = Long.rotateLeft(s[own], SHORT_MIX[i]) + s[i + 3 & 3];
            s[i & 3] ^= s[own];
        }
    }

    private static long ofLong(ByteBuf bytes, int index, int length, long seed, long[] s) {
        Arrays.fill(s, seed);
        for (int i = 2; i < WORDS; i += 3) {
            s[i] = FILL;
        }
        int at = index;
        int left = length;
        for (; left >= BLOCK_BYTES; left -= BLOCK_BYTES, at += BLOCK_BYTES) {
            for (int i = 0; i < WORDS; i++) {
                int before = (i + 11) % WORDS;
                s[i] += bytes.getLongLE(at + 8 * i);
                s[(i + 2) % WORDS] ^= s[(i + 10) % WORDS];
                s[before] ^= s[i];
                s[i] = Long.rotateLeft(s[i], LONG_MIX[i]);
                s[before] += s[(i + 1) % WORDS];
            }
        }
        for (int i = 0; i < WORDS; i++) {
            s[i] += word(bytes, at + 8 * i, left - 8 * i);
        }
        s[WORDS - 1] += (long) left << 56;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < WORDS; i++) {
                int before = (i + 11) % WORDS;
                int next = (i + 1) % WORDS;
                s[before] += s[next];
                s[(i + 2) % WORDS] ^= s[before];
                s[next] = Long.rotateLeft(s[next], LONG_END[i]);
            }
        }
        return s[0];
    }

    /** Up to eight bytes as a little-endian word, filled with zeros. */
    private static long word(ByteBuf bytes, int at, int left) {
        if (left >= Long.BYTES) {
            return bytes.getLongLE(at);
        }
        long word = 0;
        for (int i = left - 1; i >= 0; i--) {
            word = word << 8 | bytes.getUnsignedByte(at + i);
        }
        return word;
    }
}
