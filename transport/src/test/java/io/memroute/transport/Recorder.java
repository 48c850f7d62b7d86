package io.memroute.transport;

import io.memroute.testkit.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/** Notes what happens to a channel, and echoes what it reads if told to. */
class Recorder extends ChannelInboundHandlerAdapter {

    final List<String> events = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final boolean echo;
    volatile Channel channel;
    volatile Throwable failure;
    /** Called after each read with the number of bytes read so far. */
    volatile IntConsumer afterRead = bytes -> {};

    Recorder(boolean echo) {
        this.echo = echo;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        events.add("active");
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        byte[] bytes = new byte[data.readableBytes()];
        data.getBytes(data.readerIndex(), bytes);
        synchronized (read) {
            read.writeBytes(bytes);
        }
        afterRead.accept(read.size());
        if (echo) {
            context.write(data, context.voidPromise());
        } else {
            data.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (echo) {
            context.flush();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        events.add(context.channel().isWritable() ? "writable" : "unwritable");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            events.add("input shut");
        } else if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            events.add("all read");
        } else {
            events.add(event.getClass().getSimpleName());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        events.add("inactive");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failure = cause;
        events.add("failed");
    }

    byte[] read() {
        synchronized (read) {
            return read.toByteArray();
        }
    }

    String text() {
        return new String(read(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    void await(String event) {
        Deadline.await("\"" + event + "\"", Deadline.USUAL, () -> events.contains(event), events::toString);
    }

    void awaitText(String text) {
        Deadline.await("\"" + text + "\"", Deadline.USUAL, () -> text().equals(text), this::text);
    }

    /** Waits until the pipeline has come to rest: what was done before on the loop has been done. */
    void settle() {
        channel.eventLoop().submit(() -> {}).syncUninterruptibly();
    }
}
