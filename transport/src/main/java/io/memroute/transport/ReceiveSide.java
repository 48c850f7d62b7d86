package io.memroute.transport;

import io.memroute.transport.kernel.BufferGroup;
import io.memroute.transport.kernel.Errno;
import io.memroute.transport.kernel.Operation;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel's way in. Used by the event loop.
 *
 * <p>One receive goes on and on, taking a buffer of a group for each piece. When nobody asks for more it is cancelled;
 * pieces that were on their way are held until somebody does. A connection that keeps filling small buffers changes to
 * large ones; when it does not need them any more, it changes back. Large ones take one receive each, so that a pause
 * holds back no more than one of them, but for a connection that usually receives much.
 */
final class ReceiveSide {

    /** Pieces in a row that fill small buffers before large ones are used: more comes than one batch of requests. */
    private static final int FULL_PIECES_BEFORE_LARGE = 4;

    /** Pieces in a row that would fit small buffers before these are used: a change costs as much as some pieces. */
    private static final int PIECES_BEFORE_SMALL = 64;

    private final UringStreamChannel channel;
    /** Whether the connection is one that usually receives much: its receives into large buffers go on and on, too. */
    private boolean usuallyLarge;

    private boolean chosen;
    private int group = UringIoHandler.SMALL;
    /** The group of the receive that is under way. */
    private int receivingGroup;

    private int pieces;
    /** Somebody has asked to read and nothing has come since. */
    private boolean asked;

    private boolean readCompletes;
    private @Nullable ArrayDeque<ByteBuf> held;
    private boolean deliveryIsDue;
    /** The kernel has said that no more comes. */
    private boolean ended;
    /** The reader has been told so. */
    private boolean endTold;
    /** A reset has been told of which the receive under way is to report. */
    private boolean resetIsDue;

    ReceiveSide(UringStreamChannel channel) {
        this.channel = channel;
    }

    /** Somebody asks to read; before there is a connection, that is noted. */
    void ask() {
        asked = true;
        if (!channel.isActive()) {
            return;
        }
        if (hasHeld() || ended && !endTold) {
            deliverLater();
        } else if (!ended && !channel.isUnderWay(Operation.RECEIVE)) {
            start();
        }
    }

    /** Begins to receive: there is a connection. */
    void begin() {
        if (asked) {
            ask();
        } else if (!channel.config().isAutoRead()) {
            channel.handler().watchErrors(channel);
        }
    }

    private void start() {
        if (!chosen) {
            chosen = true;
            usuallyLarge = channel.usuallyReceivesMuch();
        }
        receivingGroup = group;
        channel.handler().receive(channel, group, usuallyLarge || group == UringIoHandler.SMALL);
    }

    /** Nobody asks any more. */
    void stop() {
        asked = false;
        if (channel.isActive()) {
            channel.handler().cancel(channel, Operation.RECEIVE);
            channel.handler().watchErrors(channel);
        }
    }

    /**
     * Passes on what was received while nobody asked, the end included. Returns whether nothing is left of it, and
     * nothing more is being received.
     */
    boolean settle() {
        if (hasHeld() || ended && !endTold) {
            ask();
            return false;
        }
        return !channel.isUnderWay(Operation.RECEIVE) && !deliveryIsDue && !ended;
    }

    /** Whether the kernel tells of a reset by what it receives. */
    boolean isReceiving() {
        return channel.isUnderWay(Operation.RECEIVE) && !channel.isCancelling(Operation.RECEIVE);
    }

    /**
     * The connection has been reset. The receive under way reports that, unless it is cancelled before it has got so
     * far: a watch tells of a reset once.
     */
    void reset() {
        if (isReceiving()) {
            resetIsDue = true;
        } else {
            int error = channel.socket().takeError();
            fail(error == 0 ? Errno.ECONNRESET : error);
        }
    }

    /** A receive has brought something. */
    void completed(int result, int flags) {
        if (result > 0) {
            received(Completions.buffer(flags), result);
        } else {
            BufferGroup buffers = channel.handler().buffers(receivingGroup);
            if (Completions.hasBuffer(flags)) {
                buffers.giveBack(Completions.buffer(flags));
            }
            if (!channel.isOpen()) {
                return;
            }
            switch (-result) {
                case 0 -> end();
                case Errno.ENOBUFS -> {
                    buffers.grow();
                    startIfAsked();
                }
                case Errno.ECANCELED, Errno.EAGAIN, Errno.EINTR -> {
                    if (resetIsDue) {
                        reset();
                    } else {
                        startIfAsked();
                    }
                }
                default -> fail(-result);
            }
        }
    }

    private void startIfAsked() {
        if (asked && !ended && !channel.isUnderWay(Operation.RECEIVE) && !deliveryIsDue) {
            start();
        }
    }

    private void received(int buffer, int length) {
        BufferGroup buffers = channel.handler().buffers(receivingGroup);
        if (!channel.isOpen()) {
            buffers.giveBack(buffer);
            return;
        }
        ByteBuf piece = buffers.lend(buffer, length);
        try {
            if (mayDeliver()) {
                deliver(piece);
            } else {
                hold(piece);
            }
        } finally {
            buffers.giveBack(buffer);
        }
        if (channel.isOpen()) {
            chooseGroup(length);
            startIfAsked();
        }
    }

    private boolean mayDeliver() {
        return !hasHeld() && isWanted();
    }

    private void deliver(ByteBuf piece) {
        asked = false;
        if (!readCompletes) {
            readCompletes = true;
            channel.handler().readCompletesLater(channel);
        }
        channel.pipeline().fireChannelRead(piece);
    }

    private void hold(ByteBuf piece) {
        ArrayDeque<ByteBuf> pieces = held;
        if (pieces == null) {
            pieces = new ArrayDeque<>();
            held = pieces;
        }
        pieces.add(piece);
    }

    private void chooseGroup(int length) {
        int smallBytes = channel.handler().buffers(UringIoHandler.SMALL).bytes();
        boolean isSmall = group == UringIoHandler.SMALL;
        pieces = (isSmall ? length == smallBytes : length <= smallBytes) ? pieces + 1 : 0;
        if (pieces == (isSmall ? FULL_PIECES_BEFORE_LARGE : PIECES_BEFORE_SMALL)) {
            pieces = 0;
            group = isSmall ? UringIoHandler.LARGE : UringIoHandler.SMALL;
            channel.handler().cancel(channel, Operation.RECEIVE);
        }
    }

    private void deliverLater() {
        if (!deliveryIsDue) {
            deliveryIsDue = true;
            channel.eventLoop().execute(this::deliverHeld);
        }
    }

    /** Delivers what came while nobody asked: one piece for each time that somebody does, or all of it. */
    private void deliverHeld() {
        deliveryIsDue = false;
        while (channel.isOpen() && hasHeld() && isWanted()) {
            deliver(nextHeld());
        }
        if (channel.isOpen() && !hasHeld() && isWanted()) {
            if (ended && !endTold) {
                tellEnd();
                return;
            }
            startIfAsked();
        }
        completeRead();
    }

    private boolean hasHeld() {
        return held != null && !held.isEmpty();
    }

    /** Takes the oldest piece of those that are held. */
    private ByteBuf nextHeld() {
        return Objects.requireNonNull(held, "nothing is held").remove();
    }

    private boolean isWanted() {
        return asked || channel.config().isAutoRead();
    }

    /** A pass in which something was read is over. */
    void completeRead() {
        if (!readCompletes) {
            return;
        }
        readCompletes = false;
        channel.pipeline().fireChannelReadComplete();
        if (channel.isOpen() && !ended && !asked && !channel.config().isAutoRead()) {
            stop();
        }
    }

    private void end() {
        ended = true;
        if (mayDeliver()) {
            tellEnd();
        } else if (channel.isOpen()) {
            channel.handler().watchErrors(channel);
        }
    }

    private void tellEnd() {
        endTold = true;
        asked = false;
        completeRead();
        if (channel.isOpen()) {
            channel.handler().watchErrors(channel);
            channel.inputEnded();
        }
    }

    /** The connection is broken: what has not been read is lost. */
    void fail(int error) {
        ended = true;
        endTold = true;
        completeRead();
        if (channel.isOpen()) {
            channel.pipeline().fireExceptionCaught(Errno.exception("receive from " + channel.remoteAddress(), error));
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    /** Lets go of what nobody will read. */
    void close() {
        while (hasHeld()) {
            nextHeld().release();
        }
    }
}
