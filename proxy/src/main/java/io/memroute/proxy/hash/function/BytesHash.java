package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A function from bytes to a number. Thread safe, and free of allocation. */
@FunctionalInterface
public interface BytesHash {

    /**
     * The hash of some bytes of a buffer, heap or direct.
     *
     * @param index of the first byte, absolute
     * @param length 0 allowed
     */
    long of(ByteBuf bytes, int index, int length);

    /** The hash of a whole array. For building tables: it wraps the array. */
    default long of(byte[] bytes) {
        return of(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    }
}
