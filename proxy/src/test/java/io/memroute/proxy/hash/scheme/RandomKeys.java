package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Keys of all kinds, the same for the same seed: names with numbers, random text, UTF-8, and up to 250 bytes. */
final class RandomKeys {

    private static final int LONGEST_BYTES = 250;

    private final Random random;

    private RandomKeys(long seed) {
        random = new Random(seed);
    }

    /** Keys that every client can send: valid UTF-8 without spaces and control characters, never empty. */
    static List<byte[]> text(int count, long seed) {
        RandomKeys of = new RandomKeys(seed);
        List<byte[]> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(of.text(i));
        }
        return keys;
    }

    /** Keys that libraries hash, but not every client would send: any bytes, and the empty key. */
    static List<byte[]> binary(int count, long seed) {
        RandomKeys of = new RandomKeys(seed);
        List<byte[]> keys = new ArrayList<>(count);
        keys.add(new byte[0]);
        while (keys.size() < count) {
            byte[] key = new byte[1 + of.random.nextInt(keys.size() % 3 == 0 ? LONGEST_BYTES : 24)];
            of.random.nextBytes(key);
            keys.add(key);
        }
        return keys;
    }

    private byte[] text(int i) {
        return switch (i % 8) {
            // Every other one with a number that can be a server's, for schemes that take it from the key.
            case 0 -> (i % 16 == 0 ? "user:" + i : "shard:" + i / 8 % 80 + ":" + i).getBytes(US_ASCII);
            case 1 -> ("session/" + Long.toHexString(random.nextLong())).getBytes(US_ASCII);
            case 2 -> ascii(1 + random.nextInt(12));
            case 3 -> ascii(1 + random.nextInt(LONGEST_BYTES));
            case 4 -> characters(1 + random.nextInt(20), 0xa1, 0x24f);
            case 5 -> characters(1 + random.nextInt(20), 0x21, 0xd7ff);
            case 6 -> characters(1 + random.nextInt(20), 0x10000, 0x1ffff);
            default -> ascii(i % 64 == 7 ? LONGEST_BYTES : 1 + random.nextInt(40));
        };
    }

    private byte[] ascii(int length) {
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) {
            key[i] = (byte) ('!' + random.nextInt('~' - '!' + 1));
        }
        return key;
    }

    private byte[] characters(int length, int least, int most) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int character = random.nextInt(least, most + 1);
            if (!Character.isWhitespace(character) && !Character.isISOControl(character)) {
                text.appendCodePoint(character);
            }
        }
        return text.toString().getBytes(UTF_8);
    }
}
