package io.memroute.proxy.backend.connect;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Opens connections to backends on one worker's event loop. Owned by its thread. */
public final class Connector {

    /**
     * Smallest receive buffer of a backend connection: the replies to a few hundred small requests. The allocator keeps
     * buffers of up to this size per thread.
     */
    private static final int LEAST_RECEIVE_BYTES = 32 << 10;

    /** Largest one, grown into while large values arrive: memcached's default item in a few reads. */
    private static final int MOST_RECEIVE_BYTES = 512 << 10;

    private final EventLoop loop;
    private final Class<? extends Channel> channelType;
    private final ByteBufAllocator allocator;
    private final BackendTls tls;

    public Connector(BackendTls tls, WorkerContext worker) {
        this.loop = worker.loop();
        this.channelType = worker.channelType();
        this.allocator = worker.allocator();
        this.tls = tls;
    }

    /** Opens a connection whose bytes and events go to the handler. */
    public ChannelFuture connect(BackendSpec spec, InetAddress address, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, spec.tcpKeepalive())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(LEAST_RECEIVE_BYTES, LEAST_RECEIVE_BYTES, MOST_RECEIVE_BYTES))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 20, 2 << 20))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(spec))
                .handler(
                        !spec.tls().enabled()
                                ? handler
                                : new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(tls.handler(spec, allocator), handler);
                                    }
                                })
                .connect(new InetSocketAddress(address, spec.port()));
    }

    private static int millis(BackendSpec spec) {
        return Math.clamp(spec.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    }
}
