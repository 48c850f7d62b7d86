package io.memroute.bench.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Asks a store as a connection does: bytes in, bytes out. For one thread. */
final class Caller {

    /** The first byte of {@code VALUE}; a miss begins with that of {@code END}. */
    private static final byte HIT = 'V';

    private final Store store;
    private final RequestParser parser = new RequestParser();
    private final Request request = new Request();
    private final ByteBuf in = Unpooled.directBuffer(2 << 20);
    private final ByteBuf out = Unpooled.directBuffer(2 << 20);

    Caller(Store store) {
        this.store = store;
    }

    /** Whether the key is there. */
    boolean get(long key) {
        in.clear();
        in.writeCharSequence("get ", US_ASCII);
        writeKey(key);
        in.writeCharSequence("\r\n", US_ASCII);
        run();
        return out.getByte(0) == HIT;
    }

    void set(long key, int valueBytes) {
        in.clear();
        in.writeCharSequence("set ", US_ASCII);
        writeKey(key);
        in.writeCharSequence(" 0 0 ", US_ASCII);
        in.writeCharSequence(Integer.toString(valueBytes), US_ASCII);
        in.writeCharSequence("\r\n", US_ASCII);
        in.writeZero(valueBytes);
        in.writeCharSequence("\r\n", US_ASCII);
        run();
    }

    private void writeKey(long key) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            in.writeByte('a' + (int) (key >>> shift & 15));
        }
    }

    private void run() {
        out.clear();
        parser.parse(in, 0, in.writerIndex(), request);
        store.execute(request, in, request.end(), out);
    }
}
