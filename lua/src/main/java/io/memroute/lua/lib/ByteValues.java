package io.memroute.lua.lib;

/** The integers 0 to 255 as Lua values, so that reading bytes allocates nothing. */
final class ByteValues {
    private static final Long[] VALUES = new Long[256];

    static {
        for (int b = 0; b < 256; b++) {
            VALUES[b] = (long) b;
        }
    }

    private ByteValues() {}

    static Long of(int b) {
        return VALUES[b & 0xff];
    }
}
