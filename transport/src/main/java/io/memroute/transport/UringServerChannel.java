package io.memroute.transport;

import io.memroute.transport.kernel.Errno;
import io.memroute.transport.kernel.NativeSocket;
import io.memroute.transport.kernel.Operation;
import io.memroute.transport.kernel.SystemCalls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. One accept goes on and on; an error that cannot pass by itself, such as too many open files, is
 * reported to the pipeline, where Netty's bootstrap stops reading for a second.
 */
public abstract sealed class UringServerChannel extends AbstractUringChannel implements ServerChannel
        permits UringServerSocketChannel, UringServerUnixSocketChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final UringServerConfig config;
    private boolean asked;
    private boolean readCompletes;

    UringServerChannel(NativeSocket socket) {
        super(null, socket);
        config = new UringServerConfig(this);
    }

    /** Makes the channel of an accepted connection. */
    abstract Channel newChild(NativeSocket accepted);

    /** Notes that the socket listens already. */
    final void listens() {
        becomeActive(null);
    }

    /** The socket's file descriptor. */
    public int descriptor() {
        return socket().number();
    }

    @Override
    public UringServerConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        socket().listen(config.getBacklog());
        becomeActive(null);
    }

    @Override
    protected void doBeginRead() {
        asked = true;
        if (isActive() && !isUnderWay(Operation.ACCEPT)) {
            handler().accept(this);
        }
    }

    @Override
    void stopReading() {
        asked = false;
        if (isOpen()) {
            handler().cancel(this, Operation.ACCEPT);
        }
    }

    @Override
    void completed(int operation, int result, int flags) {
        if (result >= 0) {
            accepted(result);
        } else if (isOpen()) {
            failed(-result);
        }
    }

    private void accepted(int descriptor) {
        if (!isOpen()) {
            SystemCalls.close(descriptor);
            return;
        }
        NativeSocket connection = new NativeSocket(descriptor, socket().family());
        Channel child;
        try {
            child = newChild(connection);
        } catch (RuntimeException | LinkageError e) {
            // A class that cannot be loaded, for example because there are too many open files, is worth one
            // connection.
            connection.close();
            pipeline().fireExceptionCaught(e);
            return;
        }
        asked = false;
        if (!readCompletes) {
            readCompletes = true;
            handler().readCompletesLater(this);
        }
        pipeline().fireChannelRead(child);
    }

    private void failed(int error) {
        switch (error) {
            // Cancelled, or a connection that was gone before it was accepted.
            case Errno.ECANCELED, Errno.EAGAIN, Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO -> {
                if (asked && !isUnderWay(Operation.ACCEPT)) {
                    handler().accept(this);
                }
            }
            default -> {
                asked = false;
                // Before the end of this read is told, so that whoever stops reading now is not asked to go on.
                pipeline().fireExceptionCaught(Errno.exception("accept on " + localAddress(), error));
            }
        }
    }

    @Override
    void completeRead() {
        if (!readCompletes) {
            return;
        }
        readCompletes = false;
        pipeline().fireChannelReadComplete();
        if (isOpen() && !asked && !config.isAutoRead()) {
            stopReading();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer outbound) {
        throw new UnsupportedOperationException("a listening socket sends nothing");
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        throw new UnsupportedOperationException("a listening socket sends nothing");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new ServerUnsafe();
    }

    @Override
    UringUnsafe handle() {
        return (UringUnsafe) unsafe();
    }

    private final class ServerUnsafe extends UringUnsafe {

        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("a listening socket does not connect"));
        }
    }
}
