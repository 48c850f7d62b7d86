package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A thread's room for a key that is hashed together with something else. Its content lasts until the next use. */
public final class Scratch {

    /** A key, a salt and the number of a try: 250 bytes, 250 bytes, and some. */
    private static final int BYTES = 512;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final FastThreadLocal<Scratch> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private byte[] bytes = new byte[BYTES];
    private ByteBuf view = Unpooled.wrappedBuffer(bytes);

    private Scratch() {}

    /** Returns the scratch memory of the running thread. */
    public static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /**
     * Puts a key at the beginning, where it may lie already.
     *
     * @param more the bytes that will be put after it
     */
    public void begin(ByteBuf key, int index, int length, int more) {
        if (key == view && index == 0 && length + more <= bytes.length) {
            return;
        }
        if (length + more > bytes.length) {
            byte[] larger = new byte[length + more];
            copy(key, index, length, larger);
            bytes = larger;
            view = Unpooled.wrappedBuffer(larger);
        } else {
            copy(key, index, length, bytes);
        }
    }

    /** The buffer to write to and to read from, by absolute index. */
    public ByteBuf buffer() {
        return view;
    }

    /** Copies by words: a direct buffer's bulk read allocates a view wherever Netty runs without Unsafe. */
    static void copy(ByteBuf from, int index, int length, byte[] into) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            LONG.set(into, i, from.getLongLE(index + i));
        }
        for (; i < length; i++) {
            into[i] = from.getByte(index + i);
        }
    }
}
