package io.memroute.proxy.wire;

import io.netty.buffer.ByteBuf;

/** Copies bytes of a buffer into an array without allocating. */
final class ByteCopy {

    private ByteCopy() {}

    /** Copies from {@code index} of the source, whose own indexes stay as they are, to {@code at} of the target. */
    static void copy(ByteBuf source, int index, byte[] target, int at, int length) {
        if (source.hasArray()) {
            System.arraycopy(source.array(), source.arrayOffset() + index, target, at, length);
        } else if (source.nioBufferCount() == 1) {
            // getBytes would make a view of the buffer for each call.
            source.internalNioBuffer(index, length).get(target, at, length);
        } else {
            source.getBytes(index, target, at, length);
        }
    }
}
