package io.memroute.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.net.SocketAddress;

/**
 * A channel's unsafe that tells the way out of each write whose promise somebody may wait for. All else is the
 * channel's own.
 *
 * <p>How a send went is known when the kernel returns, and the call that sends is the one that waits. So that nobody's
 * promise waits with it, such a send makes a call of its own.
 */
final class PromiseNotingUnsafe implements Channel.Unsafe {

    private final Channel.Unsafe own;
    private boolean promised;

    PromiseNotingUnsafe(Channel.Unsafe own) {
        this.own = own;
    }

    /** Whether somebody may wait for a write of those not done yet. */
    boolean isPromised() {
        return promised;
    }

    /** No write is left that was not done. */
    void allDone() {
        promised = false;
    }

    @Override
    public void write(Object message, ChannelPromise promise) {
        promised |= !promise.isVoid();
        own.write(message, promise);
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has nothing else
    public RecvByteBufAllocator.Handle recvBufAllocHandle() {
        return own.recvBufAllocHandle();
    }

    @Override
    public SocketAddress localAddress() {
        return own.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return own.remoteAddress();
    }

    @Override
    public void register(EventLoop eventLoop, ChannelPromise promise) {
        own.register(eventLoop, promise);
    }

    @Override
    public void bind(SocketAddress localAddress, ChannelPromise promise) {
        own.bind(localAddress, promise);
    }

    @Override
    public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
        own.connect(remoteAddress, localAddress, promise);
    }

    @Override
    public void disconnect(ChannelPromise promise) {
        own.disconnect(promise);
    }

    @Override
    public void close(ChannelPromise promise) {
        own.close(promise);
    }

    @Override
    public void closeForcibly() {
        own.closeForcibly();
    }

    @Override
    public void deregister(ChannelPromise promise) {
        own.deregister(promise);
    }

    @Override
    public void beginRead() {
        own.beginRead();
    }

    @Override
    public void flush() {
        own.flush();
    }

    @Override
    public ChannelPromise voidPromise() {
        return own.voidPromise();
    }

    @Override
    public ChannelOutboundBuffer outboundBuffer() {
        return own.outboundBuffer();
    }
}
