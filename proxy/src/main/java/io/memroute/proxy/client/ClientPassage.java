package io.memroute.proxy.client;

import io.memroute.proxy.client.accept.ClientTaker;
import io.memroute.transport.UringStreamChannel;
import io.memroute.transport.kernel.SocketDescriptor;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one client's connection to another process, as soon as nothing is owed to the client: every whole request that
 * has been read is answered, and the replies are in the socket. The beginning of the next request goes with the client;
 * what the client sends meanwhile stays in the socket, and the other process reads it. The client notices nothing,
 * however much it sends. Owned by the worker's thread.
 */
final class ClientPassage {

    private static final Logger LOG = LoggerFactory.getLogger(ClientPassage.class);

    /** Between looks at a client that does not read its replies. */
    private static final long LOOK_MILLIS = 5;

    private final ClientConnection client;
    private final ChannelHandlerContext context;
    private final ClientTaker taker;

    ClientPassage(ClientConnection client, ChannelHandlerContext context, ClientTaker taker) {
        this.client = client;
        this.context = context;
        this.taker = taker;
    }

    /**
     * Gives the connection away if it can be given away now; otherwise sees to it that the client is looked at again.
     *
     * @param answered whether every whole request that has been read is answered
     * @param sending whether replies are on their way into the socket
     */
    void giveIfSettled(boolean answered, boolean sending) {
        if (!client.canStopReading()) {
            // The end of a long value, or of a login, will have it looked at.
            read(!client.isPaused());
            return;
        }
        read(false);
        if (!answered) {
            // A reply will have it looked at.
            return;
        }
        if (sending) {
            context.executor().schedule(client::touch, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } else if (context.channel() instanceof UringStreamChannel uring && !uring.settleInput()) {
            context.executor().schedule(client::touch, 0, TimeUnit.NANOSECONDS);
        } else {
            give();
        }
    }

    private void read(boolean more) {
        if (context.channel().config().isAutoRead() != more) {
            context.channel().config().setAutoRead(more);
        }
    }

    private void give() {
        try {
            taker.take(client.moving(SocketDescriptor.duplicate(client.descriptor())));
        } catch (IOException e) {
            LOG.debug(
                    "client {} cannot be given to another process",
                    context.channel().remoteAddress(),
                    e);
        }
        context.close();
    }
}
