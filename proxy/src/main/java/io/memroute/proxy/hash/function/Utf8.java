package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/** Reads UTF-8 where it lies. */
public final class Utf8 {

    private Utf8() {}

    /**
     * The code point that begins at an index where a byte is 0x80 or more; negative if there is none before the end. It
     * takes two bytes below U+0800, four from U+10000, else three.
     */
    public static int codePoint(ByteBuf bytes, int at, int end) {
        int first = bytes.getUnsignedByte(at);
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || end - at < length) {
            return -1;
        }
        int codePoint = first & 0xff >> length + 1;
        for (int i = 1; i < length; i++) {
            int next = bytes.getUnsignedByte(at + i);
            if ((next & 0xc0) != 0x80) {
                return -1;
            }
            codePoint = codePoint << 6 | next & 0x3f;
        }
        boolean shortest = length == 2 || codePoint >= (length == 3 ? 0x800 : 0x1_0000);
        boolean character = codePoint <= Character.MAX_CODE_POINT && (codePoint < 0xd800 || codePoint > 0xdfff);
        return shortest && character ? codePoint : -1;
    }
}
