package io.memroute.store;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a key with their hash.
 *
 * <p>A key in the cache never changes. A <em>probe</em> is one that is loaded again and again to look things up without
 * allocating; it belongs to one thread, and {@link #copy} makes a key to keep from it.
 */
final class Key {
    static final int MAX_LENGTH = 250;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Odd 64-bit constants of SplitMix64's finalizer (Steele, Lea, Flood 2014). */
    private static final long MIX1 = 0xBF58476D1CE4E5B9L;

    private static final long MIX2 = 0x94D049BB133111EBL;

    private byte[] bytes;
    private int length;
    private int hash;

    private Key(byte[] bytes, int length, int hash) {
        this.bytes = bytes;
        this.length = length;
        this.hash = hash;
    }

    /** A probe with room for the longest key. */
    static Key probe() {
        // Rounded up so that the last word of the longest key can be read whole.
        return new Key(new byte[MAX_LENGTH + 6], 0, 0);
    }

    /** Makes a probe the key at that place of a buffer. */
    void load(ByteBuf buffer, int index, int keyLength, long seed) {
        // By words: copying a range out of a direct buffer may allocate a view of it first.
        int i = 0;
        for (; i <= keyLength - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, buffer.getLongLE(index + i));
        }
        for (; i < keyLength; i++) {
            bytes[i] = buffer.getByte(index + i);
        }
        loaded(keyLength, seed);
    }

    /** The array in which {@link #loaded} expects the bytes of a probe. */
    byte[] room() {
        return bytes;
    }

    /** Makes a probe the key that the first bytes of {@link #room} are. */
    void loaded(int keyLength, long seed) {
        for (int i = keyLength; (i & 7) != 0; i++) {
            bytes[i] = 0;
        }
        this.length = keyLength;
        this.hash = hash(bytes, keyLength, seed);
    }

    /** A key to keep. */
    Key copy() {
        return new Key(Arrays.copyOf(bytes, length), length, hash);
    }

    /** The key's bytes from 0 to {@link #length()}; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Over whole words, the last one padded with zeros; seeded, so that clients cannot choose keys that collide. */
    private static int hash(byte[] padded, int length, long seed) {
        long h = seed ^ length * MIX1;
        for (int i = 0; i < length; i += Long.BYTES) {
            h = (h ^ (long) LONGS.get(padded, i)) * MIX1;
            h ^= h >>> 29;
        }
        h *= MIX2;
        return (int) (h ^ h >>> 32);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key
                && hash == key.hash
                && length == key.length
                && Arrays.equals(bytes, 0, length, key.bytes, 0, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
