package io.memroute.bench.forwarder;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * The one backend connection: requests of all clients leave in one flush per loop iteration, replies go to the clients
 * in the order of their requests, each client flushed once for all that one read brought.
 */
final class BackendHandler extends ChannelInboundHandlerAdapter {

    private final Framer replies = new Framer(Framer.Side.REPLIES);

    /** The clients that asked, oldest first. */
    private final ArrayDeque<ClientHandler> waiting = new ArrayDeque<>();

    /** Clients with replies that are not flushed. */
    private final ArrayList<ClientHandler> touched = new ArrayList<>();

    private final Runnable flush = this::flush;

    @SuppressWarnings("NullAway.Init") // channelActive sets it, before there are requests
    private ChannelHandlerContext context;

    private boolean flushScheduled;

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
    }

    void expectReplyFor(ClientHandler client) {
        waiting.add(client);
    }

    /** Takes over a reference to the bytes; they leave at the end of this loop iteration. */
    void send(ByteBuf requests) {
        context.write(requests, context.voidPromise());
        if (!flushScheduled) {
            flushScheduled = true;
            // Tasks run after all sockets that were ready.
            context.executor().execute(flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        context.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        int at = buffer.readerIndex();
        ClientHandler client = waiting.peek();
        while (at < buffer.writerIndex()) {
            at = replies.endOfMessage(buffer, at);
            if (at < 0) {
                // The beginning of a reply: its client need not wait for the rest.
                at = buffer.writerIndex();
                break;
            }
            waiting.remove();
            ClientHandler next = waiting.peek();
            if (next != client) {
                pass(buffer, at, client);
                client = next;
            }
        }
        if (at > buffer.readerIndex()) {
            pass(buffer, at, client);
        }
        buffer.release();
    }

    /** Gives the bytes up to an index to a client: as many replies in a row as were for it. */
    private void pass(ByteBuf buffer, int to, ClientHandler client) {
        client.write(buffer.readRetainedSlice(to - buffer.readerIndex()));
        if (client.touch()) {
            touched.add(client);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).flush();
        }
        touched.clear();
    }
}
