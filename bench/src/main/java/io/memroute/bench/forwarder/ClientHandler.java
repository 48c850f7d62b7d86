package io.memroute.bench.forwarder;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;

/** One client: hands its bytes on as they come, request by whole request. */
final class ClientHandler extends ChannelInboundHandlerAdapter {

    private final BackendHandler backend;
    private final Framer requests = new Framer(Framer.Side.REQUESTS);

    @SuppressWarnings("NullAway.Init") // handlerAdded sets it
    private ChannelHandlerContext context;

    /** Whether replies were written to this client that are not flushed yet. */
    private boolean touched;

    /** The pieces of a request that is not complete; another client's bytes must not come between them. */
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();

    ClientHandler(BackendHandler backend) {
        this.backend = backend;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        int whole = buffer.readerIndex();
        for (int end; whole < buffer.writerIndex() && (end = requests.endOfMessage(buffer, whole)) >= 0; whole = end) {
            backend.expectReplyFor(this);
        }
        if (whole > buffer.readerIndex()) {
            for (ByteBuf piece; (piece = held.poll()) != null; ) {
                backend.send(piece);
            }
            backend.send(buffer.readRetainedSlice(whole - buffer.readerIndex()));
        }
        if (buffer.isReadable()) {
            held.add(buffer);
        } else {
            buffer.release();
        }
    }

    /** Takes over a reference to the bytes; they leave with the next {@link #flush()}. */
    void write(ByteBuf reply) {
        context.write(reply, context.voidPromise());
    }

    /** Returns true the first time after a flush. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    void flush() {
        touched = false;
        context.flush();
    }
}
