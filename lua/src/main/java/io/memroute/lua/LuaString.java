package io.memroute.lua;

import io.memroute.lua.text.SharedValues;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A Lua string: an immutable sequence of bytes, with no encoding of its own.
 *
 * <p>Two strings with the same bytes are the same value ({@link #equals}), but only those made by {@link #constant} are
 * also the same object. Table look-ups try identity first, so names that Java code uses again and again as keys are
 * best kept as constants.
 */
public final class LuaString implements Comparable<LuaString> {
    public static final LuaString EMPTY = new LuaString(new byte[0]);

    /** Constants of compiled chunks and of libraries; strings made at run time never enter. */
    private static final SharedValues<LuaString> CONSTANTS = new SharedValues<>();

    /** Longer constants are not shared: they are text, not names. As in C Lua's short strings. */
    private static final int LONGEST_CONSTANT = 40;

    private static final LuaString[] SINGLE_BYTES = new LuaString[256];

    static {
        for (int b = 0; b < 256; b++) {
            SINGLE_BYTES[b] = constant(new LuaString(new byte[] {(byte) b}));
        }
    }

    final byte[] bytes;
    int hash;

    private LuaString(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The string holding these bytes; the array becomes the string's own and must not be changed afterwards. */
    public static LuaString wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new LuaString(bytes);
    }

    /** A copy of {@code length} bytes from {@code from}. */
    public static LuaString copyOf(byte[] bytes, int from, int length) {
        if (length == 0) {
            return EMPTY;
        }
        if (length == 1) {
            return ofByte(bytes[from]);
        }
        return new LuaString(Arrays.copyOfRange(bytes, from, from + length));
    }

    /** The text as UTF-8. */
    public static LuaString of(String text) {
        return text.isEmpty() ? EMPTY : new LuaString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The string of one byte, shared. */
    public static LuaString ofByte(int b) {
        return SINGLE_BYTES[b & 0xff];
    }

    /** The one shared object for this text: for names used as table keys. */
    public static LuaString constant(String text) {
        return constant(of(text));
    }

    /** The one shared object equal to {@code string}, unless it is too long to be a name. */
    public static LuaString constant(LuaString string) {
        if (string.bytes.length > LONGEST_CONSTANT) {
            var _ = string.hashCode();
            return string;
        }
        return CONSTANTS.share(string);
    }

    public int length() {
        return bytes.length;
    }

    /** The byte at {@code index} (0-based), 0..255. */
    public int byteAt(int index) {
        return bytes[index] & 0xff;
    }

    /** The string's own bytes: to be read, never written. */
    public byte[] bytes() {
        return bytes;
    }

    /** The bytes {@code from} (inclusive, 0-based) to {@code to} (exclusive). */
    public LuaString substring(int from, int to) {
        return from == 0 && to == bytes.length ? this : copyOf(bytes, from, to - from);
    }

    public void copyTo(int from, byte[] target, int targetFrom, int length) {
        System.arraycopy(bytes, from, target, targetFrom, length);
    }

    /** Never zero, so that zero can mean "not computed yet". */
    @Override
    public int hashCode() {
        int h = hash;
        return h != 0 ? h : computeHash();
    }

    private int computeHash() {
        int h = Arrays.hashCode(bytes) * 0x9E3779B9;
        h ^= h >>> 15;
        return hash = h == 0 ? 1 : h;
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof LuaString s && equalBytes(s);
    }

    boolean equalBytes(LuaString other) {
        return hashCode() == other.hashCode() && Arrays.equals(bytes, other.bytes);
    }

    /** Byte order, bytes taken as unsigned: the order of {@code <} on strings. */
    @Override
    public int compareTo(LuaString other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    public boolean startsWith(LuaString prefix) {
        int n = prefix.bytes.length;
        return n <= bytes.length && Arrays.equals(bytes, 0, n, prefix.bytes, 0, n);
    }

    /** The bytes read as UTF-8; a malformed sequence becomes U+FFFD. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
