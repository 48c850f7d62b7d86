package io.memroute.proxy.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A buffer over an array that its owner uses again and again and never releases: memory in which a worker takes
 * requests and replies apart. Owned by the worker's thread.
 *
 * <p>Netty's buffers look at their reference count at each access. That took a seventh of the time of gets of many
 * keys, and shows nothing here: the garbage collector keeps the array as long as anybody can reach this. So the methods
 * that read a few bytes go straight to the array, whose bounds the JVM checks. All others are Netty's.
 */
public final class ArrayBytes extends UnpooledHeapByteBuf {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, BIG_ENDIAN);
    private static final VarHandle SHORT_LE = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, BIG_ENDIAN);
    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, BIG_ENDIAN);
    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private final byte[] bytes;

    /** All of an array, written up to its end. */
    public ArrayBytes(byte[] array) {
        super(UnpooledByteBufAllocator.DEFAULT, array, array.length);
        bytes = array;
    }

    /** @throws UnsupportedOperationException always: it would be another array */
    @Override
    public ByteBuf capacity(int newCapacity) {
        throw new UnsupportedOperationException("a buffer over an array keeps its length");
    }

    @Override
    public byte[] array() {
        return bytes;
    }

    @Override
    public int arrayOffset() {
        return 0;
    }

    @Override
    public byte getByte(int index) {
        return bytes[index];
    }

    @Override
    public short getShort(int index) {
        return (short) SHORT.get(bytes, index);
    }

    @Override
    public short getShortLE(int index) {
        return (short) SHORT_LE.get(bytes, index);
    }

    @Override
    public int getInt(int index) {
        return (int) INT.get(bytes, index);
    }

    @Override
    public int getIntLE(int index) {
        return (int) INT_LE.get(bytes, index);
    }

    @Override
    public long getLong(int index) {
        return (long) LONG.get(bytes, index);
    }

    @Override
    public long getLongLE(int index) {
        return (long) LONG_LE.get(bytes, index);
    }
}
