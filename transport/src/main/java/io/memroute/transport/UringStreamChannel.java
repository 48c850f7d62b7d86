package io.memroute.transport;

import io.memroute.transport.kernel.Errno;
import io.memroute.transport.kernel.NativeSocket;
import io.memroute.transport.kernel.Operation;
import io.memroute.transport.kernel.SocketAddresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection. It takes direct and heap {@link ByteBuf}s; what it reads are direct ones of the event loop's allocator
 * ({@link UringOptions#allocator()}), not of the channel's.
 */
public abstract sealed class UringStreamChannel extends AbstractUringChannel implements DuplexChannel
        permits UringSocketChannel, UringUnixSocketChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final int POLLERR = 8;
    private static final int POLLHUP = 16;

    private final ReceiveSide receiving = new ReceiveSide(this);
    private final SendSide sending = new SendSide(this);
    private final UringSocketConfig config;
    /** No initializer: it is made while the superclass is constructed. */
    private @Nullable PromiseNotingUnsafe promiseNoting;

    private @Nullable ChannelPromise connectPromise;
    private @Nullable Future<?> connectTimeout;
    private @Nullable SocketAddress connecting;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    UringStreamChannel(@Nullable Channel parent, NativeSocket socket) {
        super(parent, socket);
        config = new UringSocketConfig(this);
        if (parent != null) {
            connected();
        }
    }

    /** Notes that the socket is that of a connection. */
    final void connected() {
        becomeActive(socket().remoteAddress());
    }

    @Override
    public UringSocketConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    @Override
    public Unsafe unsafe() {
        return promises();
    }

    /** The object that knows whether somebody waits for a write. */
    PromiseNotingUnsafe promises() {
        PromiseNotingUnsafe noting = promiseNoting;
        if (noting == null) {
            noting = new PromiseNotingUnsafe(super.unsafe());
            promiseNoting = noting;
        }
        return noting;
    }

    private StreamUnsafe ownUnsafe() {
        return (StreamUnsafe) super.unsafe();
    }

    @Override
    UringUnsafe handle() {
        return ownUnsafe();
    }

    /** The socket's descriptor, to be told; once the channel is closed it may be another's. */
    public int descriptor() {
        return socket().number();
    }

    /**
     * Passes on what was received while nobody asked to read. Returns whether nothing is left of it and nothing more is
     * being received: what comes from then on stays in the socket. On the event loop, with automatic reading off.
     */
    public boolean settleInput() {
        return receiving.settle();
    }

    SendSide sending() {
        return sending;
    }

    @Override
    void completed(int operation, int result, int flags) {
        switch (operation) {
            case Operation.RECEIVE -> receiving.completed(result, flags);
            case Operation.WATCH_ROOM -> sending.roomSeen();
            case Operation.WATCH_ERRORS -> errorsSeen(result);
            case Operation.CONNECT -> connected(result);
            default -> throw new AssertionError("operation " + operation);
        }
    }

    // ---- reading ----

    @Override
    protected void doBeginRead() {
        receiving.ask();
    }

    @Override
    void completeRead() {
        receiving.completeRead();
    }

    @Override
    void stopReading() {
        receiving.stop();
    }

    @Override
    void afterRegister() {
        if (isActive()) {
            receiving.begin();
        }
    }

    /** Whether its receive buffer allocator begins with more than a small buffer. */
    @SuppressWarnings("deprecation")
    boolean usuallyReceivesMuch() {
        return unsafe().recvBufAllocHandle().guess()
                > handler().buffers(UringIoHandler.SMALL).bytes();
    }

    /** The other end has sent everything. */
    void inputEnded() {
        inputShut = true;
        if (!config.isAllowHalfClosure()) {
            unsafe().close(unsafe().voidPromise());
            return;
        }
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    }

    private void errorsSeen(int events) {
        if (!isOpen()) {
            return;
        }
        if (!isUnderWay(Operation.WATCH_ERRORS)) {
            handler().watchErrors(this);
        }
        if (events < 0) {
            return;
        }
        if ((events & POLLERR) != 0) {
            receiving.reset();
        } else if ((events & POLLHUP) != 0 && inputShut) {
            // Nothing comes and nobody is there for what would be sent.
            unsafe().close(unsafe().voidPromise());
        }
    }

    // ---- writing ----

    @Override
    protected void doWrite(ChannelOutboundBuffer outbound) {
        sending.flush(outbound);
    }

    void writeFailed(Throwable cause) {
        ownUnsafe().writeFailed(cause);
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (!(message instanceof ByteBuf buffer)) {
            throw new UnsupportedOperationException(
                    "message of " + message.getClass().getName() + "; expected a " + ByteBuf.class.getName());
        }
        return buffer.isDirect() ? buffer : directCopy(buffer);
    }

    private ByteBuf directCopy(ByteBuf buffer) {
        int length = buffer.readableBytes();
        if (length == 0) {
            ReferenceCountUtil.safeRelease(buffer);
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf copy = alloc().directBuffer(length).writeBytes(buffer, buffer.readerIndex(), length);
        ReferenceCountUtil.safeRelease(buffer);
        return copy;
    }

    // ---- connecting ----

    private void connected(int result) {
        ChannelPromise promise = connectPromise;
        if (promise == null) {
            return;
        }
        connectPromise = null;
        stopConnectTimeout();
        if (result < 0) {
            promise.tryFailure(ownUnsafe().annotate(Errno.exception("connect", -result), connecting));
            return;
        }
        becomeActive(connecting);
        boolean wanted = promise.trySuccess();
        if (isActive()) {
            afterRegister();
            pipeline().fireChannelActive();
        }
        if (!wanted) {
            unsafe().close(unsafe().voidPromise());
        }
    }

    private void stopConnectTimeout() {
        if (connectTimeout != null) {
            connectTimeout.cancel(false);
            connectTimeout = null;
        }
    }

    // ---- closing ----

    @Override
    void beforeClose() {
        sending.flushNow();
        receiving.close();
        ChannelPromise promise = connectPromise;
        if (promise != null) {
            connectPromise = null;
            promise.tryFailure(new ClosedChannelException());
        }
        stopConnectTimeout();
    }

    @Override
    boolean mayBlockOnClose() {
        return config.lingers();
    }

    @Override
    protected void doShutdownOutput() throws IOException {
        sending.flushNow();
        outputShut = true;
        socket().shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut || !isOpen();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut || !isOpen();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return inLoop(promise, () -> {
            try {
                socket().shutdownInput();
                inputShut = true;
                promise.setSuccess();
            } catch (IOException e) {
                promise.setFailure(e);
            }
        });
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        return inLoop(promise, () -> ownUnsafe().shutdownOutput(promise));
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return inLoop(
                promise,
                () -> shutdownOutput()
                        .addListener(output -> shutdownInput().addListener(input -> {
                            Throwable cause = output.cause() != null ? output.cause() : input.cause();
                            if (cause == null) {
                                promise.setSuccess();
                            } else {
                                promise.setFailure(cause);
                            }
                        })));
    }

    private ChannelFuture inLoop(ChannelPromise promise, Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
        return promise;
    }

    private final class StreamUnsafe extends UringUnsafe {

        Throwable annotate(Throwable cause, @Nullable SocketAddress address) {
            return annotateConnectException(cause, address);
        }

        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            // The promise stays cancellable: cancelling it ends the attempt.
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connectPromise != null) {
                    throw new ConnectionPendingException();
                }
                if (isActive()) {
                    throw new AlreadyConnectedException();
                }
                byte[] encoded = SocketAddresses.encode(remote, socket().family());
                if (local != null) {
                    doBind(local);
                }
                handler().connect(UringStreamChannel.this, encoded);
            } catch (Exception e) {
                promise.tryFailure(annotate(e, remote));
                closeIfClosed();
                return;
            }
            connectPromise = promise;
            connecting = remote;
            int millis = config().getConnectTimeoutMillis();
            if (millis > 0) {
                connectTimeout =
                        eventLoop().schedule(() -> timedOut(promise, remote, millis), millis, TimeUnit.MILLISECONDS);
            }
            promise.addListener(done -> {
                if (done.isCancelled()) {
                    stopConnectTimeout();
                    connectPromise = null;
                    close(voidPromise());
                }
            });
        }

        private void timedOut(ChannelPromise promise, SocketAddress remote, int millis) {
            if (promise == connectPromise
                    && promise.tryFailure(
                            new ConnectTimeoutException("connection timed out after " + millis + " ms: " + remote))) {
                close(voidPromise());
            }
        }
    }
}
