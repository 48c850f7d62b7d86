package io.memroute.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Binary keys as base64 text (meta flag {@code b}), decoded as leniently as memcached decodes them: bytes outside the
 * alphabet are skipped, the rest must come in groups of four with at most two {@code '='}, and what follows a padded
 * group is ignored.
 */
public final class Base64Key {
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final int SKIP = -1;
    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) SKIP);
        for (int i = 0; i < ALPHABET.length; i++) {
            VALUES[ALPHABET[i]] = (byte) i;
        }
        VALUES['='] = 0;
    }

    private Base64Key() {}

    /** The number of bytes the text stands for; 0 if it cannot be decoded. */
    public static int decodedLength(ByteBuf buffer, int index, int length) {
        int symbols = 0;
        int padding = 0;
        int decoded = 0;
        boolean ended = false;
        for (int i = index, end = index + length; i < end; i++) {
            int b = buffer.getByte(i) & 0xFF;
            if (VALUES[b] == SKIP) {
                continue;
            }
            symbols++;
            if (ended) {
                continue;
            }
            if (b == '=') {
                padding++;
            }
            if (symbols % 4 == 0) {
                decoded += 3 - padding;
                ended = padding > 0;
            }
        }
        return symbols % 4 != 0 || padding > 2 ? 0 : decoded;
    }

    /**
     * Decodes the text into the front of {@code into}.
     *
     * @param into has room for {@link #decodedLength} bytes
     * @return the number of bytes written; 0 if the text cannot be decoded
     */
    public static int decode(ByteBuf buffer, int index, int length, byte[] into) {
        int decoded = decodedLength(buffer, index, length);
        int group = 0;
        int symbols = 0;
        int written = 0;
        for (int i = index; written < decoded; i++) {
            int value = VALUES[buffer.getByte(i) & 0xFF];
            if (value == SKIP) {
                continue;
            }
            group = group << 6 | value;
            if (++symbols % 4 == 0) {
                for (int shift = 16; shift >= 0 && written < decoded; shift -= 8) {
                    into[written++] = (byte) (group >>> shift);
                }
                group = 0;
            }
        }
        return decoded;
    }

    /**
     * Returns whether the key that the text stands for could stand on a line of its protocol as it is: no byte of it is
     * a space, part of a line end, or zero.
     */
    public static boolean decodesToToken(ByteBuf buffer, int index, int length) {
        int left = decodedLength(buffer, index, length);
        int group = 0;
        int symbols = 0;
        for (int i = index; left > 0; i++) {
            int value = VALUES[buffer.getByte(i) & 0xFF];
            if (value == SKIP) {
                continue;
            }
            group = group << 6 | value;
            if (++symbols % 4 == 0) {
                for (int shift = 16; shift >= 0 && left > 0; shift -= 8, left--) {
                    int b = group >>> shift & 0xFF;
                    if (b == ' ' || b == '\r' || b == '\n' || b == 0) {
                        return false;
                    }
                }
                group = 0;
            }
        }
        return true;
    }

    /** Writes bytes as base64 text, padded, at the writer index. */
    public static void encode(byte[] bytes, int offset, int length, ByteBuf out) {
        int end = offset + length;
        for (int i = offset; i < end; i += 3) {
            int left = end - i;
            int group = (bytes[i] & 0xFF) << 16
                    | (left > 1 ? (bytes[i + 1] & 0xFF) << 8 : 0)
                    | (left > 2 ? bytes[i + 2] & 0xFF : 0);
            out.writeByte(ALPHABET[group >>> 18]);
            out.writeByte(ALPHABET[group >>> 12 & 63]);
            out.writeByte(left > 1 ? ALPHABET[group >>> 6 & 63] : '=');
            out.writeByte(left > 2 ? ALPHABET[group & 63] : '=');
        }
    }
}
