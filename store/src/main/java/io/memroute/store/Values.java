package io.memroute.store;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;

/** The value block of a request: its declared length in bytes and {@code \r\n}. */
final class Values {
    private Values() {}

    static boolean endsWithLineEnd(Request request, ByteBuf value, int index) {
        return value.getShort(index + request.valueLength()) == ('\r' << 8 | '\n');
    }

    static byte[] copy(Request request, ByteBuf value, int index) {
        byte[] copy = new byte[request.valueLength()];
        value.getBytes(index, copy);
        return copy;
    }
}
