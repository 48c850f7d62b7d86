package io.memroute.lua.text;

import java.nio.charset.StandardCharsets;

/** Byte strings in tests: one character for one byte. */
final class Bytes {
    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
