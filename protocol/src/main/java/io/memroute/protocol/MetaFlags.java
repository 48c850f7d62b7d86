package io.memroute.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The flags of a meta request or reply as a bit mask: bit {@code letter - 'A'} for each letter from {@code A} to
 * {@code z}; and what memcached demands of the text behind them (doc/protocol.txt, "Meta Commands").
 */
final class MetaFlags {
    /** Result of {@link #collect} for a line in which a flag starts with a byte that cannot be one. */
    static final long BAD = -1L;
    /** Marks a repeated flag; no letter's bit. */
    static final long REPEATED = 1L << 63;
    /** Marks a flag that is a digit: allowed on the line, known to no memcached. */
    static final long DIGIT = 1L << 62;
    /** The bits of letters. */
    static final long LETTERS = (1L << ('z' - 'A' + 1)) - 1;

    /** The mask of {@code v} alone. */
    static final long VALUE = 1L << ('v' - 'A');

    /** The flags with which {@code mg} changes the item. */
    static final long CHANGING_ON_GET = mask("NTER");

    /** The longest {@code O} token, its letter included. */
    private static final int MAX_OPAQUE_TOKEN = 32;

    /** Every flag that some meta command of memcached takes; all of them are accepted by all. */
    private static final long KNOWN = mask("bNTRlOPLkstcfvhuqxFCEMJDI");
    /** Flags whose text can be wrong. */
    private static final long CHECKED = mask("bNTRFCEDJO");

    private MetaFlags() {}

    static boolean contains(long mask, int letter) {
        return letter >= 'A' && letter <= 'z' && (mask >>> (letter - 'A') & 1) != 0;
    }

    /** Whether a mask of {@link #collect} has flags that no memcached known to us has. */
    static boolean hasUnknown(long mask) {
        return (mask & ~REPEATED & ~KNOWN) != 0;
    }

    /**
     * The mask of the tokens from {@code from} on, with {@link #REPEATED} if a flag is there twice and {@link #DIGIT}
     * if one is a digit; or {@link #BAD}.
     */
    static long collect(TokenLine line, int from) {
        ByteBuf buffer = line.buffer;
        long mask = 0;
        long repeated = 0;
        int digits = 0;
        for (int token = from, n = line.indexed(); token < n; token++) {
            int letter = buffer.getByte(line.tokenStart(token));
            if (letter >= 'A' && letter <= 'z') {
                long bit = 1L << (letter - 'A');
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
        return mask | (digits == 0 ? 0 : DIGIT) | (repeated == 0 ? 0 : REPEATED);
    }

    /**
     * Returns the error in the flags of a request, if there is one. As in memcached the first repeated flag decides,
     * else the last flag with a wrong text; a flag that memcached does not know makes every fault an invalid flag.
     *
     * @param mask what {@link #collect} found, not {@link #BAD}
     */
    static @Nullable RequestError check(TokenLine line, int from, long mask, int keyIndex, int keyLength) {
        if ((mask & (CHECKED | REPEATED)) == 0) {
            return null;
        }
        @Nullable RequestError error = (mask & REPEATED) != 0 ? RequestError.DUPLICATE_FLAG : null;
        boolean opaqueTooLong = false;
        for (int token = from, n = line.indexed(); token < n && (mask & REPEATED) == 0; token++) {
            int start = line.tokenStart(token);
            int length = line.tokenLength(token);
            int letter = line.buffer.getByte(start);
            if (letter == 'O') {
                opaqueTooLong = length > MAX_OPAQUE_TOKEN;
            } else if (contains(CHECKED, letter)) {
                @Nullable
                RequestError fault = checkText(line.buffer, letter, start + 1, length - 1, keyIndex, keyLength);
                if (fault != null && (fault != RequestError.BAD_LINE || error == null)) {
                    error = fault;
                }
            }
        }
        if (error == null && opaqueTooLong) {
            return RequestError.OPAQUE_TOO_LONG;
        }
        return error != null && hasUnknown(mask) ? RequestError.INVALID_FLAG : error;
    }

    private static @Nullable RequestError checkText(
            ByteBuf buffer, int letter, int text, int length, int keyIndex, int keyLength) {
        return switch (letter) {
            case 'b' -> Base64Key.decodedLength(buffer, keyIndex, keyLength) > 0 ? null : RequestError.UNDECODABLE_KEY;
            case 'N', 'T', 'R' ->
                length > 0 && Decimal.signed32(buffer, text, length) != Decimal.INVALID
                        ? null
                        : RequestError.BAD_FLAG_TOKEN;
            // Client flags have 32 bits, or 64 where memcached was built so: it is for the server to say.
            case 'F' -> isNumber(buffer, text, length) ? null : RequestError.BAD_LINE;
            case 'C', 'E' -> isNumber(buffer, text, length) ? null : RequestError.BAD_FLAG_TOKEN;
            case 'J' -> isNumber(buffer, text, length) ? null : RequestError.INVALID_INITIAL_VALUE;
            case 'D' -> isNumber(buffer, text, length) ? null : RequestError.INVALID_DELTA_VALUE;
            default -> null;
        };
    }

    private static boolean isNumber(ByteBuf buffer, int index, int length) {
        return length > 0 && Decimal.isUnsigned64(buffer, index, length);
    }

    private static long mask(String letters) {
        long mask = 0;
        for (int i = 0; i < letters.length(); i++) {
            mask |= 1L << (letters.charAt(i) - 'A');
        }
        return mask;
    }
}
