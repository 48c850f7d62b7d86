package io.memroute.proxy.client.accept;

import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.text.SystemError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first bytes of a connection that a load balancer has made for a client: the header of the PROXY protocol, version
 * 1 or 2, with the address of the client. It must be there: without it nobody could tell a balancer from a client that
 * makes an address up. Owned by the channel's event loop.
 *
 * @see <a href="https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
public final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** A balancer sends the header with the connection; the protocol asks for at least this patience. */
    private static final long LIMIT_MILLIS = 3000;

    /** Bounds what a balancer tells besides addresses, such as certificates: the protocol's own sizes are smaller. */
    private static final int MOST_EXTENSION_BYTES = 4096;

    /** Between two lines of the log. */
    private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final AtomicLong SAID_NANOS = new AtomicLong(System.nanoTime() - SAY_EVERY_NANOS);

    private final Runnable known;
    private @Nullable Future<?> limit;

    private ProxyHeader(Runnable known) {
        this.known = known;
    }

    /**
     * Has the header read, before anything else that comes.
     *
     * @param known adds the handlers for what follows it
     */
    public static void expect(Channel channel, Runnable known) {
        channel.pipeline().addLast(new HAProxyMessageDecoder(MOST_EXTENSION_BYTES), new ProxyHeader(known));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        limit = context.executor()
                .schedule(
                        () -> refuse(context, "none came within " + LIMIT_MILLIS + " ms"),
                        LIMIT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** The handlers that follow are there, and are told of it, when the header has come. */
    @Override
    public void channelActive(ChannelHandlerContext context) {}

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        HAProxyProxiedProtocol protocol = header.proxiedProtocol();
        // A balancer's own health check, and clients whose addresses are unknown, have the socket's.
        if (header.command() == HAProxyCommand.PROXY
                && (protocol == HAProxyProxiedProtocol.TCP4 || protocol == HAProxyProxiedProtocol.TCP6)) {
            context.channel()
                    .attr(ConnectionLine.CLIENT)
                    .set(new InetSocketAddress(InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort()));
        }
        known.run();
        context.fireChannelActive();
        // What follows the header comes when the decoder removes itself.
        context.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (limit != null) {
            limit.cancel(false);
        }
    }

    /** A balancer that looks whether somebody listens, and goes. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refuse(context, SystemError.text(cause));
    }

    private static void refuse(ChannelHandlerContext context, String reason) {
        long now = System.nanoTime();
        long said = SAID_NANOS.get();
        if (context.channel().isOpen() && now - said >= SAY_EVERY_NANOS && SAID_NANOS.compareAndSet(said, now)) {
            LOG.warn(
                    "a connection from {} to {} is closed, since it does not begin with a header of the PROXY"
                            + " protocol: {}",
                    SystemError.readable(context.channel().remoteAddress()),
                    SystemError.readable(context.channel().localAddress()),
                    reason);
        }
        context.close();
    }
}
