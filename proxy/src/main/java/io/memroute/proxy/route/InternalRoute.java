package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The child {@code internal}: answers from the embedded store, at once. */
public final class InternalRoute implements Route {

    /** First capacity of a reply's buffer; it grows with the value. */
    private static final int REPLY_BYTES = 256;

    private final Store store;
    private final ByteBufAllocator allocator;
    private final Reply reply = new Reply();

    public InternalRoute(Store store, ByteBufAllocator allocator) {
        this.store = store;
        this.allocator = allocator;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        ByteBuf answer = allocator.heapBuffer(REPLY_BYTES);
        try {
            ByteBuf value = call.value();
            if (value == null) {
                store.execute(request, request.buffer(), request.end(), answer);
            } else {
                store.execute(request, value, value.readerIndex(), answer);
            }
            int outcome = ReplyParser.parse(answer, answer.readerIndex(), answer.writerIndex(), reply);
            if (outcome != ReplyParser.COMPLETE || reply.type() == ReplyType.UNKNOWN) {
                throw new IllegalStateException(
                        "the store answered " + request.command().word() + " with no reply: "
                                + answer.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
            }
            call.replied(reply);
        } finally {
            answer.release();
        }
    }
}
