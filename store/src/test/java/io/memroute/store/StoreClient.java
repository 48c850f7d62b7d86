package io.memroute.store;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Talks to a store as a client does over a connection: pipelined text in, the replies memcached would send out. */
final class StoreClient {
    private final Store store;
    private final RequestParser parser = new RequestParser();
    private final Request request = new Request();

    StoreClient(Store store) {
        this.store = store;
    }

    /** Runs all requests in the text and returns all replies that are not suppressed. */
    String send(String text) {
        ByteBuf in = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
        ByteBuf out = Unpooled.buffer();
        int end = in.writerIndex();
        for (int at = 0; at < end; ) {
            int result = parser.parse(in, at, end, request);
            if (result == RequestParser.INCOMPLETE) {
                throw new IllegalArgumentException(
                        "the text ends within a line: " + in.toString(at, end - at, StandardCharsets.ISO_8859_1));
            }
            int mark = out.writerIndex();
            boolean suppressed;
            RequestError tooLarge = result == RequestParser.COMPLETE ? store.refuseTooLarge(request) : null;
            if (tooLarge != null) {
                out.writeBytes(tooLarge.reply());
                suppressed = request.noreply();
            } else {
                suppressed = store.execute(request, in, request.end(), out);
            }
            if (suppressed) {
                out.writerIndex(mark);
            }
            at = request.end() + request.valueBytes();
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
