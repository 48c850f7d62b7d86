package io.memroute.proxy.client;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Ends one client's connection with the server: as soon as nothing is owed to the client. Owned by the worker's thread.
 *
 * <p>The client may send more at any time, so the socket is not closed at once: that would reset the connection, and
 * with it replies that are still on their way. The output ends first, and the client has a moment to close its side.
 */
final class ClientDrain {

    /**
     * The time that bytes sent before the server ends may take to arrive: a round trip in a data centre, a busy
     * machine.
     */
    private static final long ARRIVAL_MILLIS = 50;

    /**
     * Turns of the loop without anything to read, after which nothing more lies in the socket: transports differ by one
     * or two.
     */
    private static final int QUIET_TURNS = 3;

    /** The time that a client that has got everything may take to close its side. */
    private static final long LINGER_MILLIS = 200;

    private final ClientConnection client;
    private final ChannelHandlerContext context;
    private boolean arrivalsAwaited;
    /** Turns of the loop in which nothing was owed and nothing came. */
    private int quietTurns;
    /** The bytes that had arrived when it was quiet. */
    private long arrivedBytes;
    /** The client has got everything, and been told so. */
    private boolean outputEnded;

    ClientDrain(ClientConnection client, ChannelHandlerContext context) {
        this.client = client;
        this.context = context;
    }

    /** Begins to end the connection when what the client has sent before has had time to arrive. */
    void begin() {
        context.executor()
                .schedule(
                        () -> {
                            arrivalsAwaited = true;
                            client.touch();
                        },
                        ARRIVAL_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** Whether the connection is to end as soon as nothing is owed to the client. */
    boolean isUnderWay() {
        return arrivalsAwaited;
    }

    /**
     * Ends the output if nothing more has arrived in some turns of the loop: what the client had sent before is read by
     * then.
     *
     * @param owesNothing whether every request that has begun to arrive is answered
     * @param arrived bytes that have arrived so far
     */
    void endIfQuiet(boolean owesNothing, long arrived) {
        if (outputEnded) {
            if (client.inputShut()) {
                context.close();
            }
        } else if (owesNothing) {
            quietTurns = arrivedBytes == arrived ? quietTurns + 1 : 0;
            arrivedBytes = arrived;
            if (quietTurns > QUIET_TURNS) {
                endOutput();
            } else {
                // A task that is executed would run in the same turn, before the loop looks at its sockets again.
                context.executor().schedule(client::touch, 0, TimeUnit.NANOSECONDS);
            }
        }
    }

    private void endOutput() {
        outputEnded = true;
        client.endInput();
        SslHandler tls = context.pipeline().get(SslHandler.class);
        ChannelFuture last = tls == null ? context.writeAndFlush(Unpooled.EMPTY_BUFFER) : tls.closeOutbound();
        last.addListener(sent -> {
            if (!client.inputShut() && context.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
                context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                context.close();
            }
        });
    }
}
