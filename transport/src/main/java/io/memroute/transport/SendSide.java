package io.memroute.transport;

import io.memroute.transport.kernel.Errno;
import io.memroute.transport.kernel.Operation;
import io.memroute.transport.kernel.Scratch;
import io.memroute.transport.kernel.SubmissionQueue;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A channel's way out. Used by the event loop.
 *
 * <p>Bytes wait in Netty's outbound buffer. They leave as {@link SendBatch} describes; when the socket takes no more,
 * the kernel is asked to tell when it does, and then the rest is tried like anything else.
 */
final class SendSide implements ChannelOutboundBuffer.MessageProcessor {

    // struct iovec
    private static final long VECTOR_BYTES = 16;
    private static final long VECTOR_ADDRESS = 0;
    private static final long VECTOR_LENGTH = 8;

    // struct msghdr
    private static final long MESSAGE_BYTES = 56;
    private static final long MESSAGE_VECTORS = 16;
    private static final long MESSAGE_COUNT = 24;

    /** Parts of one send; the kernel takes 1,024, but each part costs scratch memory, and the rest follows at once. */
    private static final int MOST_PARTS = 256;

    /** Bytes of one send: far more than a socket's buffer holds. */
    private static final long MOST_BYTES = 16 << 20;

    /** Bytes that make a call of their own: copying them costs many times what the call does. */
    private static final int LEAST_BYTES_AT_ONCE = 16 << 10;

    private static final int WHOLE = Integer.MAX_VALUE;

    private final UringStreamChannel channel;
    /** Set by the first flush; before that there is nothing to {@link #submit}. */
    @SuppressWarnings("NullAway.Init")
    private ChannelOutboundBuffer outbound;

    private boolean noted;
    private boolean underWay;
    private boolean concluding;
    private boolean blocked;
    private long bytes;
    /** The kernel's result for a send that it did not take whole; {@link #WHOLE} if it did. */
    private int result;

    private @Nullable Throwable failure;

    // What submit() gathers.
    private long vectors;
    private int parts;
    private boolean whole;

    SendSide(UringStreamChannel channel) {
        this.channel = channel;
    }

    /**
     * Sends what has been flushed: much at once, so that its memory is free again, little with the next call of the
     * kernel.
     */
    void flush(ChannelOutboundBuffer flushed) {
        outbound = flushed;
        if (blocked) {
            return;
        }
        noteOnce();
        if (!underWay && flushed.totalPendingWriteBytes() >= LEAST_BYTES_AT_ONCE) {
            flushNow();
        }
    }

    private void noteOnce() {
        if (!noted) {
            noted = true;
            channel.handler().sends().add(this);
        }
    }

    /** Sends what has been flushed now, if the socket takes it. May run what waits for writes to be done. */
    void flushNow() {
        conclude();
        if (noted && channel.handler().isRunning() && submit()) {
            channel.handler().submitNow();
            conclude();
        }
    }

    /**
     * Adds a send of what has been flushed.
     *
     * @return whether {@link #conclude} is to follow
     */
    boolean submit() {
        noted = false;
        if (underWay || !channel.isOpen() || outbound == null || outbound.isEmpty()) {
            return false;
        }
        underWay = true;
        result = WHOLE;
        bytes = 0;
        whole = true;
        try {
            if (outbound.size() == 1) {
                submitOne((ByteBuf) outbound.current());
            } else {
                submitSeveral();
            }
        } catch (Exception e) {
            failure = e;
        }
        return true;
    }

    /** Whether something waits to hear how the send went: a promise, more to send, or a writer that pauses. */
    boolean isUrgent() {
        return bytes == 0
                || !whole
                || failure != null
                || !outbound.isWritable()
                || channel.promises().isPromised();
    }

    private void submitOne(ByteBuf buffer) throws Exception {
        if (!buffer.hasMemoryAddress() && buffer.nioBufferCount() > 1) {
            submitSeveral();
            return;
        }
        int length = buffer.readableBytes();
        if (length > 0) {
            bytes = length;
            channel.handler()
                    .room()
                    .send(channel.socket().number(), address(buffer, length), length, channel.tag(Operation.SEND));
        }
    }

    private static long address(ByteBuf buffer, int length) {
        return buffer.hasMemoryAddress()
                ? buffer.memoryAddress() + buffer.readerIndex()
                : MemorySegment.ofBuffer(buffer.internalNioBuffer(buffer.readerIndex(), length))
                        .address();
    }

    private void submitSeveral() throws Exception {
        UringIoHandler handler = channel.handler();
        SubmissionQueue submissions = handler.room();
        Scratch scratch = handler.scratch(MESSAGE_BYTES + MOST_PARTS * VECTOR_BYTES);
        long message = scratch.take(MESSAGE_BYTES + MOST_PARTS * VECTOR_BYTES);
        vectors = message + MESSAGE_BYTES;
        parts = 0;
        outbound.forEachFlushedMessage(this);
        scratch.giveBack((MOST_PARTS - parts) * VECTOR_BYTES);
        if (parts == 0) {
            return;
        }
        for (long at = 0; at < MESSAGE_BYTES; at += Long.BYTES) {
            scratch.putLong(message + at, 0);
        }
        scratch.putLong(message + MESSAGE_VECTORS, scratch.address(vectors));
        scratch.putLong(message + MESSAGE_COUNT, parts);
        submissions.sendMessage(channel.socket().number(), scratch.address(message), channel.tag(Operation.SEND));
    }

    /** Adds a flushed buffer to a send of several. */
    @Override
    public boolean processMessage(Object flushed) {
        ByteBuf buffer = (ByteBuf) flushed;
        int length = buffer.readableBytes();
        if (buffer.hasMemoryAddress() || buffer.nioBufferCount() == 1) {
            return length == 0 || addPart(address(buffer, length), length);
        }
        for (ByteBuffer part : buffer.nioBuffers()) {
            if (part.hasRemaining() && !addPart(MemorySegment.ofBuffer(part).address(), part.remaining())) {
                return false;
            }
        }
        return true;
    }

    private boolean addPart(long address, int length) {
        if (parts == MOST_PARTS || bytes + length > MOST_BYTES && parts > 0) {
            whole = false;
            return false;
        }
        Scratch scratch = channel.handler().scratch();
        scratch.putLong(vectors + parts * VECTOR_BYTES + VECTOR_ADDRESS, address);
        scratch.putLong(vectors + parts * VECTOR_BYTES + VECTOR_LENGTH, length);
        parts++;
        bytes += length;
        return true;
    }

    /** The kernel did not take all. Runs nothing of the channel's users. */
    void fellShort(int kernelResult) {
        result = kernelResult;
    }

    /**
     * Takes what has been sent from the outbound buffer and sees to the rest. While it is being taken, which may run
     * anything, what is left of it is still to be taken and must not be sent again: the send counts as under way.
     */
    void conclude() {
        if (!underWay || concluding) {
            return;
        }
        Throwable cause = failure;
        int outcome = result;
        if (cause == null && outcome > 0) {
            concluding = true;
            try {
                remove(outcome == WHOLE ? bytes : outcome);
            } finally {
                concluding = false;
            }
            if (outbound.totalPendingWriteBytes() == 0) {
                channel.promises().allDone();
            }
        }
        underWay = false;
        failure = null;
        if (channel.isOpen()) {
            seeToTheRest(outcome, cause);
        }
    }

    /**
     * Message by message, since whatever runs when one is done may close the channel and so empty the outbound buffer.
     */
    private void remove(long sent) {
        long left = sent;
        do {
            ByteBuf next = (ByteBuf) outbound.current();
            long part = next == null ? 0 : Math.min(left, next.readableBytes());
            outbound.removeBytes(part);
            left -= part;
        } while (left > 0 && channel.isOpen());
    }

    private void seeToTheRest(int outcome, @Nullable Throwable cause) {
        if (cause != null) {
            channel.writeFailed(cause);
        } else if (outcome == WHOLE) {
            unblock();
            if (!outbound.isEmpty()) {
                noteOnce();
            }
        } else if (outcome >= 0 || outcome == -Errno.EAGAIN) {
            block();
        } else if (outcome == -Errno.EINTR) {
            noteOnce();
        } else {
            channel.writeFailed(Errno.exception("send to " + channel.remoteAddress(), -outcome));
        }
    }

    private void block() {
        blocked = true;
        channel.handler().watchRoom(channel);
    }

    private void unblock() {
        if (blocked) {
            blocked = false;
            channel.handler().cancel(channel, Operation.WATCH_ROOM);
        }
    }

    /** The socket may take more, or the watch for that has ended. */
    void roomSeen() {
        if (blocked && channel.isOpen()) {
            channel.handler().watchRoom(channel);
            noteOnce();
        }
    }
}
