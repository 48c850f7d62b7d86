package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The flags of a meta request or reply as a bit mask: bit {@code letter - 'A'} for each letter from {@code A} to
 * {@code z}. Digits are allowed as flags but have no bit.
 */
final class MetaFlags {
    /** Result of {@link #collect} for a line in which a flag starts with a byte that cannot be one. */
    static final long BAD = -1L;
    /** Bit 63 is no letter's, so it can mark a repeated flag. */
    static final long REPEATED = 1L << 63;

    private static final int FIRST = 'A';
    private static final int LAST = 'z';

    private MetaFlags() {
    }

    static boolean contains(long mask, int letter) {
        return letter >= FIRST && letter <= LAST && (mask >>> (letter - FIRST) & 1) != 0;
    }

    /** The mask of the tokens from {@code from} on, with {@link #REPEATED} if a flag is there twice, or {@link #BAD}. */
    static long collect(TokenLine line, int from) {
        ByteBuf buffer = line.buffer;
        long mask = 0;
        long repeated = 0;
        int digits = 0;
        for (int token = from, n = line.indexed(); token < n; token++) {
            int letter = buffer.getByte(line.tokenStart(token));
            if (letter >= FIRST && letter <= LAST) {
                long bit = 1L << (letter - FIRST);
                repeated |= mask & bit;
                mask |= bit;
            } else if (letter >= '0' && letter <= '9') {
                int bit = 1 << (letter - '0');
                repeated |= digits & bit;
                digits |= bit;
            } else {
                return BAD;
            }
        }
        return repeated == 0 ? mask : mask | REPEATED;
    }
}
