package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * MD5 as ketama uses it. The JDK's digest is an intrinsic and does not allocate, but keeps state and reads arrays only:
 * hence one per thread, with a copy of the key.
 */
public final class Md5 {

    private static final int DIGEST_BYTES = 16;

    /** Memcached's longest key; longer input is copied into an array of its own. */
    private static final int KEY_BYTES = 250;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final FastThreadLocal<Md5> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected Md5 initialValue() {
            return new Md5();
        }
    };

    private final MessageDigest digester;
    private final byte[] key = new byte[KEY_BYTES];
    private final byte[] digest = new byte[DIGEST_BYTES];

    private Md5() {
        try {
            digester = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks MD5, which ketama hashing needs", e);
        }
    }

    /** The first four digest bytes as a little-endian unsigned number. */
    public static long hash(ByteBuf bytes, int index, int length) {
        return OF_THREAD.get().firstInt(bytes, index, length);
    }

    /** The same, of bytes that follow others. */
    public static long hash(byte[] before, ByteBuf bytes, int index, int length) {
        Md5 md5 = OF_THREAD.get();
        md5.digester.update(before, 0, before.length);
        return md5.firstInt(bytes, index, length);
    }

    private long firstInt(ByteBuf bytes, int index, int length) {
        if (bytes.hasArray()) {
            digester.update(bytes.array(), bytes.arrayOffset() + index, length);
        } else {
            byte[] copy = length <= KEY_BYTES ? key : new byte[length];
            Scratch.copy(bytes, index, length, copy);
            digester.update(copy, 0, length);
        }
        try {
            digester.digest(digest, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("MD5 needs more than 16 bytes for its digest", e);
        }
        return Integer.toUnsignedLong(littleEndianInt(digest, 0));
    }

    /** The digest of a text. For building tables: it allocates. */
    public static byte[] digest(byte[] text) {
        return OF_THREAD.get().digester.digest(text);
    }

    /** Four bytes as a number, the lowest first. */
    public static int littleEndianInt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }
}
