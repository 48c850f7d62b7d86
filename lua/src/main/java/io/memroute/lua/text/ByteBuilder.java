package io.memroute.lua.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A growing run of bytes, reusable after {@link #clear}. Not thread safe.
 *
 * <p>Its array is handed out by {@link #array()} so that writers of fixed-size items can fill it in place: {@code int
 * at = b.extend(n)} makes room for {@code n} bytes and returns where they begin.
 */
public final class ByteBuilder {
    /** The largest array the JVM allocates reliably. */
    public static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    /** Smaller arrays are not worth asking for. */
    private static final int RESERVED_FROM = 4096;

    private final @Nullable LongConsumer reserve;
    private byte[] bytes;
    private int length;

    public ByteBuilder() {
        this(32);
    }

    public ByteBuilder(int capacity) {
        this(capacity, null);
    }

    /**
     * A builder that tells {@code reserve} how many bytes it is about to allocate, whenever it grows large; that may
     * throw.
     */
    public ByteBuilder(int capacity, @Nullable LongConsumer reserve) {
        this.reserve = reserve;
        bytes = new byte[capacity];
    }

    public int length() {
        return length;
    }

    /** The backing array: the content is its first {@link #length()} bytes. Valid until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte at(int index) {
        return bytes[index];
    }

    public void clear() {
        length = 0;
    }

    /** Adds {@code count} bytes of unspecified content and returns the index of the first. */
    public int extend(int count) {
        int at = length;
        if (count > bytes.length - at) {
            grow(count);
        }
        length = at + count;
        return at;
    }

    public ByteBuilder append(int b) {
        if (length == bytes.length) {
            grow(1);
        }
        bytes[length++] = (byte) b;
        return this;
    }

    public ByteBuilder append(byte[] source) {
        return append(source, 0, source.length);
    }

    public ByteBuilder append(byte[] source, int from, int count) {
        int at = extend(count);
        System.arraycopy(source, from, bytes, at, count);
        return this;
    }

    /** Appends the low byte of each character; meant for ASCII texts. */
    public ByteBuilder append(String ascii) {
        int count = ascii.length();
        int at = extend(count);
        for (int i = 0; i < count; i++) {
            bytes[at + i] = (byte) ascii.charAt(i);
        }
        return this;
    }

    public ByteBuilder appendRepeated(int b, int count) {
        if (count > 0) {
            int at = extend(count);
            Arrays.fill(bytes, at, at + count, (byte) b);
        }
        return this;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** The content with each byte as one character (ISO 8859-1). */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private void grow(int count) {
        long needed = (long) length + count;
        if (needed > MAX_LENGTH) {
            throw new TextError("buffer too large");
        }
        long doubled = Math.min((long) bytes.length * 2, MAX_LENGTH);
        int capacity = (int) Math.max(Math.max(doubled, needed), 16);
        if (reserve != null && capacity >= RESERVED_FROM) {
            reserve.accept(capacity);
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }
}
