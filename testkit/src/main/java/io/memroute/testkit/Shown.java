package io.memroute.testkit;

import java.nio.charset.StandardCharsets;

/** Bytes as failure messages show them: in quotation marks, what cannot be printed escaped, long texts cut. */
final class Shown {

    /** The bytes that are shown of a long text. */
    private static final int MOST_BYTES = 400;

    private Shown() {}

    /** The beginning of {@code bytes[from..to)}, or all of it if it is short. */
    static String bytes(byte[] bytes, int from, int to) {
        if (to - from <= MOST_BYTES) {
            return quoted(text(bytes, from, to));
        }
        return quoted(text(bytes, from, from + MOST_BYTES)) + " (the first " + MOST_BYTES + " of " + (to - from)
                + " bytes)";
    }

    /** The part of {@code bytes[from..to)} around an offset counted from {@code from}, or all if it is short. */
    static String around(byte[] bytes, int from, int to, int offset) {
        if (to - from <= MOST_BYTES) {
            return bytes(bytes, from, to);
        }
        int start = Math.max(from, from + offset - MOST_BYTES / 4);
        int end = Math.min(to, start + MOST_BYTES);
        return quoted(text(bytes, start, end)) + " (bytes " + (start - from) + " to " + (end - from) + " of "
                + (to - from) + ")";
    }

    static String quoted(String bytes) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '"', '\\' -> out.append('\\').append(c);
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append(String.format("\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
