package io.memroute.proxy.client.accept;

import io.memroute.proxy.text.SystemError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses accepting in two cases. The system cannot give a client a connection, mostly because the process has no file
 * descriptor left: logs that now and then; without the pause the listening socket stays ready and keeps a core busy. Or
 * far more clients are open than may be connected: the workers have not come to those that were accepted last, nor to
 * closing those that have gone. The others wait in the system's queue, which is bounded. A pause is an
 * {@link AcceptHold#SHORTAGE}, so that it does not end that of somebody else. In the pipeline of every listening
 * socket; owned by the acceptor's one thread, its figures are read by any.
 *
 * @see "memcached's drive_machine, accept and EMFILE"
 */
@Sharable
public final class AcceptPause extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** The address of a listening socket whose channel may not know it. */
    public static final AttributeKey<SocketAddress> ADDRESS = AttributeKey.valueOf(AcceptPause.class, "address");

    /** The time until the next attempt: soon after a descriptor is free again, and no load until then. */
    private static final long PAUSE_MILLIS = 100;

    /** The time until the next look at whether workers have caught up. */
    private static final long WORKERS_MILLIS = 1;

    /** Open clients beyond those that may be connected: as many as the system lets wait. */
    private static final int MOST_BEYOND = 1024;

    /** Between two lines of the log about the same trouble. */
    private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Between the first failed attempt and the next client accepted. */
    private boolean failing;

    private long failingSinceNanos;
    private long saidNanos;
    private final AtomicLong pauses = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final int mostOpen;

    /** @param maxConnections the clients that may be connected at one time */
    public AcceptPause(int maxConnections) {
        mostOpen = (int) Math.min(Integer.MAX_VALUE, (long) maxConnections + MOST_BEYOND);
        // Without a descriptor left, a class that is used for the first time might fail for good.
        SystemError.text(new IOException("accept(..) failed with error(-24): Too many open files"));
        SystemError.readable(new InetSocketAddress(0));
    }

    /** The address that a channel listens on. */
    public static SocketAddress address(Channel listening) {
        SocketAddress known = listening.attr(ADDRESS).get();
        return known == null ? listening.localAddress() : known;
    }

    /** The number of clients accepted. */
    public long accepted() {
        return accepted.get();
    }

    /** The number of times that accepting was paused for lack of resources. */
    public long pauses() {
        return pauses.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object client) {
        accepted.incrementAndGet();
        if (failing) {
            failing = false;
            LOG.info(
                    "accepting clients again, after {} s",
                    TimeUnit.NANOSECONDS.toSeconds(now(context) - failingSinceNanos));
        }
        open.incrementAndGet();
        ((Channel) client).closeFuture().addListener(closed -> open.decrementAndGet());
        context.fireChannelRead(client);
        if (open.get() >= mostOpen) {
            pause(context, WORKERS_MILLIS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Before the line of the log, which may fail for the same reason.
        if (pause(context, PAUSE_MILLIS)) {
            pauses.incrementAndGet();
        }
        long now = now(context);
        if (!failing || now - saidNanos >= SAY_EVERY_NANOS) {
            saidNanos = now;
            LOG.warn(
                    "cannot accept clients on {}: {};"
                            + " if open files ran out, raise their limit (LimitNOFILE) or lower -c",
                    SystemError.readable(address(context.channel())),
                    SystemError.text(cause));
        }
        if (!failing) {
            failing = true;
            failingSinceNanos = now;
        }
    }

    /** Returns whether it did not pause already. */
    private boolean pause(ChannelHandlerContext context, long millis) {
        if (AcceptHold.SHORTAGE.holds(context.channel())) {
            return false;
        }
        AcceptHold.SHORTAGE.begin(context.channel());
        resumeIn(millis, context);
        return true;
    }

    private void resumeIn(long millis, ChannelHandlerContext context) {
        context.executor().schedule(() -> resume(context), millis, TimeUnit.MILLISECONDS);
    }

    private void resume(ChannelHandlerContext context) {
        if (open.get() >= mostOpen) {
            resumeIn(WORKERS_MILLIS, context);
        } else {
            AcceptHold.SHORTAGE.end(context.channel());
        }
    }

    private static long now(ChannelHandlerContext context) {
        return context.executor().ticker().nanoTime();
    }
}
