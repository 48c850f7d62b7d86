package io.memroute.app.placement;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Keys to place: those of a file, or made ones. */
public final class Keys {

    /** memcached's limit. */
    private static final int LONGEST_BYTES = 250;

    /** The made keys are the same each time. */
    private static final long SEED = 15;

    private Keys() {}

    /**
     * Reads keys, one a line. Empty lines are passed over.
     *
     * @throws IllegalArgumentException if a line is no key, or if there is none
     */
    public static List<byte[]> ofFile(Path file) throws IOException {
        List<byte[]> keys = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int number = 1;
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    add(keys, line, file, number++);
                } else if (next != '\r') {
                    line.write(next);
                }
            }
            add(keys, line, file, number);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(file + ": has no keys");
        }
        return keys;
    }

    private static void add(List<byte[]> keys, ByteArrayOutputStream line, Path file, int number) {
        byte[] key = line.toByteArray();
        line.reset();
        if (key.length == 0) {
            return;
        }
        for (byte letter : key) {
            if (letter >= 0 && letter <= ' ' || letter == 0x7f) {
                throw new IllegalArgumentException(
                        file + ":" + number + ": a key has no spaces and control characters");
            }
        }
        if (key.length > LONGEST_BYTES) {
            throw new IllegalArgumentException(file + ":" + number + ": a key has at most 250 bytes");
        }
        keys.add(key);
    }

    /** Makes keys such as applications have: numbered ones, words, paths, with tags in braces, and not only ASCII. */
    public static List<byte[]> made(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<byte[]> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String word = Long.toString(random.nextLong() >>> 1, 36);
            String key = switch (i % 6) {
                case 0 -> "user:" + i;
                case 1 -> "session/" + word;
                case 2 -> "a:{" + i % 1000 + "}:" + word;
                case 3 -> word + "|#|" + i;
                case 4 -> "page:" + word + word + word + ":" + i;
                default -> "ü" + word;
            };
            keys.add(key.getBytes(StandardCharsets.UTF_8));
        }
        return keys;
    }

    /**
     * Makes keys that nobody has of others: a probe is stored under them, and taken away again.
     *
     * @param run what the keys of one run have in common
     * @return as many as there are keys that leave room for it
     */
    static List<byte[]> probes(List<byte[]> keys, String run) {
        byte[] end = (":memroute-probe-" + run).getBytes(StandardCharsets.US_ASCII);
        List<byte[]> probes = new ArrayList<>();
        for (byte[] key : keys) {
            if (key.length + end.length <= LONGEST_BYTES) {
                byte[] probe = new byte[key.length + end.length];
                System.arraycopy(key, 0, probe, 0, key.length);
                System.arraycopy(end, 0, probe, key.length, end.length);
                probes.add(probe);
            }
        }
        return probes;
    }
}
