package io.memroute.proxy.hash.function;

import com.dynatrace.hash4j.hashing.ByteAccess;
import io.netty.buffer.ByteBuf;

/** Lets hash4j read a Netty buffer, heap or direct, by absolute index. */
final class ByteBufAccess implements ByteAccess<ByteBuf> {

    static final ByteBufAccess INSTANCE = new ByteBufAccess();

    private ByteBufAccess() {}

    @Override
    public byte getByte(ByteBuf buffer, long index) {
        return buffer.getByte((int) index);
    }

    @Override
    public int getByteAsUnsignedInt(ByteBuf buffer, long index) {
        return buffer.getUnsignedByte((int) index);
    }

    @Override
    public long getByteAsUnsignedLong(ByteBuf buffer, long index) {
        return buffer.getUnsignedByte((int) index);
    }

    @Override
    public int getInt(ByteBuf buffer, long index) {
        return buffer.getIntLE((int) index);
    }

    @Override
    public long getIntAsUnsignedLong(ByteBuf buffer, long index) {
        return buffer.getUnsignedIntLE((int) index);
    }

    @Override
    public long getLong(ByteBuf buffer, long index) {
        return buffer.getLongLE((int) index);
    }

    @Override
    public void copyToByteArray(ByteBuf buffer, long index, byte[] into, int offset, int length) {
        buffer.getBytes((int) index, into, offset, length);
    }
}
