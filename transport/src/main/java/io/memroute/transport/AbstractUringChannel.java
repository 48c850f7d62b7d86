package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import io.memroute.transport.kernel.Operation;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel over a socket that a ring serves: its place among the ring's channels, and which operations are under way
 * for it.
 *
 * <p>Of each kind of operation there is at most one. A closed channel keeps its place until the last of them has
 * completed, however long that takes; what they still bring is given back.
 */
abstract class AbstractUringChannel extends AbstractChannel {

    static final int NO_SLOT = -1;

    private final NativeSocket socket;
    private @Nullable UringIoHandler handler;
    private @Nullable IoRegistration registration;
    private int slot = NO_SLOT;
    private int generation;
    private int underWay;
    private int cancelling;
    private volatile boolean active;
    private volatile @Nullable SocketAddress local;
    private volatile @Nullable SocketAddress remote;

    AbstractUringChannel(@Nullable Channel parent, NativeSocket socket) {
        super(parent);
        this.socket = socket;
    }

    // ---- for the ring ----

    /** Deals with what an operation brought. */
    abstract void completed(int operation, int result, int flags);

    /** A pass in which the channel has read is over. */
    abstract void completeRead();

    /** Stops reading, since nobody asks for it any more. */
    abstract void stopReading();

    /** The handle by which the event loop knows the channel. */
    abstract UringUnsafe handle();

    final NativeSocket socket() {
        return socket;
    }

    /** The ring that serves the channel, once it is registered. */
    final UringIoHandler handler() {
        return Objects.requireNonNull(handler, "not registered");
    }

    final int slot() {
        return slot;
    }

    final void placed(int newSlot, int newGeneration) {
        slot = newSlot;
        generation = newGeneration;
    }

    /** Returns the tag by which an operation's completions name this channel. */
    final long tag(int operation) {
        return Operation.tag(operation, generation, slot);
    }

    /** Notes that an operation is under way, and returns its tag. */
    final long begin(int operation) {
        if (!isOpen() || slot == NO_SLOT || isUnderWay(operation)) {
            throw new IllegalStateException("operation " + operation + " on " + this
                    + (isUnderWay(operation) ? ", which has one" : ", which is not open") + "; expected neither");
        }
        underWay |= Operation.bit(operation);
        return tag(operation);
    }

    final boolean isUnderWay(int operation) {
        return (underWay & Operation.bit(operation)) != 0;
    }

    final boolean isCancelling(int operation) {
        return (cancelling & Operation.bit(operation)) != 0;
    }

    /** Notes that an operation is being cancelled; false if there is none, or it is already. */
    final boolean beginCancelling(int operation) {
        if (!isUnderWay(operation) || isCancelling(operation)) {
            return false;
        }
        cancelling |= Operation.bit(operation);
        return true;
    }

    /** An operation has brought its last completion. */
    final void ended(int operation) {
        underWay &= ~Operation.bit(operation);
        cancelling &= ~Operation.bit(operation);
    }

    /** An operation was not found to be cancelled, or could not be at that moment. */
    final void cancelFailed(int operation) {
        if (isUnderWay(operation) && isCancelling(operation)) {
            handler().cancelAgain(this, operation);
        }
    }

    /** Whether the channel is closed and the kernel has nothing under way for it. */
    final boolean isGone() {
        return !isOpen() && underWay == 0 && slot != NO_SLOT;
    }

    // ---- Netty's channel ----

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(UringUnsafe.class);
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register(handle()).addListener(registered -> {
            if (registered.isSuccess()) {
                registration = (IoRegistration) registered.getNow();
                handler = registration.attachment();
                afterRegister();
                promise.setSuccess();
            } else {
                promise.setFailure(registered.cause());
            }
        });
    }

    /** The ring takes the channel's operations from here on. */
    void afterRegister() {}

    /** A channel stays with its loop, since the kernel's operations do: leaving it is closing. */
    @Override
    protected void doDeregister() {
        if (isOpen()) {
            unsafe().close(unsafe().voidPromise());
        }
        if (registration != null) {
            registration.cancel();
        }
    }

    /** Does what has to be done while the socket still takes operations. */
    void beforeClose() {}

    /** Whether closing the socket may take time. */
    boolean mayBlockOnClose() {
        return false;
    }

    @Override
    protected void doClose() {
        if (handler == null || slot == NO_SLOT) {
            active = false;
            socket.close();
            return;
        }
        beforeClose();
        active = false;
        if (socket.giveUp()) {
            handler().close(this, mayBlockOnClose());
        }
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    final void becomeActive(@Nullable SocketAddress newRemote) {
        local = socket.localAddress();
        remote = newRemote;
        active = true;
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        socket.bind(address);
        local = socket.localAddress();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    /** Reading is not to go on by itself any more. Any thread. */
    final void autoReadCleared() {
        if (!isRegistered()) {
            return;
        }
        if (eventLoop().inEventLoop()) {
            stopReading();
        } else {
            eventLoop().execute(() -> {
                if (!config().isAutoRead()) {
                    stopReading();
                }
            });
        }
    }

    /** The ring's handle on a channel. */
    abstract class UringUnsafe extends AbstractUnsafe implements IoHandle {

        final AbstractUringChannel channel() {
            return AbstractUringChannel.this;
        }

        @Override
        public final void handle(IoRegistration registered, IoEvent event) {
            throw new UnsupportedOperationException("this transport's completions go to the channel");
        }

        @Override
        public final void close() {
            close(voidPromise());
        }

        /** Ends a channel whose write failed, as a flush that fails does. */
        final void writeFailed(Throwable cause) {
            handleWriteError(cause);
        }
    }
}
