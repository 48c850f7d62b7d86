package io.memroute.lua.text;

/** Integers and floats as {@code string.pack} lays them out: 1 to 16 bytes, either byte order. */
public final class PackedNumber {
    private static final int LONG_BYTES = 8;

    private PackedNumber() {}

    /** True if {@code value} can be stored as a signed integer of {@code size} bytes. */
    public static boolean fitsSigned(long value, int size) {
        int spare = 64 - size * 8;
        return spare <= 0 || value << spare >> spare == value;
    }

    /** True if {@code value}, taken as unsigned, can be stored in {@code size} bytes. */
    public static boolean fitsUnsigned(long value, int size) {
        return size >= LONG_BYTES || value >>> size * 8 == 0;
    }

    /**
     * Appends the low {@code size} bytes of {@code value}; bytes beyond the eighth repeat the sign if {@code signed}.
     */
    public static void append(ByteBuilder out, long value, int size, boolean littleEndian, boolean signed) {
        int at = out.extend(size);
        byte[] bytes = out.array();
        byte rest = (byte) (signed && value < 0 ? -1 : 0);
        for (int i = 0; i < size; i++) {
            byte b = i < LONG_BYTES ? (byte) (value >>> 8 * i) : rest;
            bytes[littleEndian ? at + i : at + size - 1 - i] = b;
        }
    }

    /**
     * The integer at {@code at}.
     *
     * @throws TextError if it has more than 64 significant bits
     */
    public static long read(byte[] bytes, int at, int size, boolean littleEndian, boolean signed) {
        long value = 0;
        int used = Math.min(size, LONG_BYTES);
        for (int i = used - 1; i >= 0; i--) {
            value = value << 8 | bytes[littleEndian ? at + i : at + size - 1 - i] & 0xff;
        }
        if (size < LONG_BYTES) {
            int spare = 64 - size * 8;
            return signed ? value << spare >> spare : value;
        }
        int expected = signed && value < 0 ? 0xff : 0;
        for (int i = LONG_BYTES; i < size; i++) {
            if ((bytes[littleEndian ? at + i : at + size - 1 - i] & 0xff) != expected) {
                throw new TextError(size + "-byte integer does not fit into Lua Integer");
            }
        }
        return value;
    }
}
