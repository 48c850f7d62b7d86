package io.memroute.transport;

import io.memroute.transport.kernel.BufferGroup;
import io.memroute.transport.kernel.Errno;
import io.memroute.transport.kernel.Operation;
import io.memroute.transport.kernel.Ring;
import io.memroute.transport.kernel.Scratch;
import io.memroute.transport.kernel.SocketAddresses;
import io.memroute.transport.kernel.SubmissionQueue;
import io.memroute.transport.kernel.Wakeup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drives the channels of one Netty event loop with one io_uring. See the package for how; {@link #newFactory()} is what
 * an event loop group takes. All but {@link #wakeup} is called by the loop's thread.
 */
public final class UringIoHandler implements IoHandler {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(UringIoHandler.class);

    static final int SMALL = 0;
    static final int LARGE = 1;

    /** The time that a loop that ends waits for the kernel to finish what was cancelled; it takes microseconds. */
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long END_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Calls in a row that may take none of the operations submitted, for want of kernel memory. */
    private static final int MOST_FRUITLESS_CALLS = 1000;

    private static final int POLLOUT = 4;

    private final ThreadAwareExecutor executor;
    private final Ring ring;
    private final SubmissionQueue submissions;
    private final Wakeup wakeup;
    private final BufferGroup small;
    private final BufferGroup large;
    private final Scratch scratch;
    private final Slots slots = new Slots();
    private final Completions completions = new Completions(slots);
    private final SendBatch sends = new SendBatch();
    /** Channels that have read something since {@link #completeReads()}. */
    private final ArrayDeque<AbstractUringChannel> readers = new ArrayDeque<>();

    private boolean ended;

    private UringIoHandler(ThreadAwareExecutor executor, UringOptions options) {
        this.executor = executor;
        Ring newRing = null;
        BufferGroup newSmall = null;
        BufferGroup newLarge = null;
        try {
            newRing = new Ring(options.submissions(), options.completions());
            newSmall = receiveBuffers(newRing, SMALL, options.small(), options);
            newLarge = receiveBuffers(newRing, LARGE, options.large(), options);
            wakeup = new Wakeup(newRing.arena());
        } catch (IOException e) {
            release(newRing, newSmall, newLarge);
            throw new IllegalStateException("cannot make an io_uring: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            release(newRing, newSmall, newLarge);
            throw e;
        }
        ring = newRing;
        small = newSmall;
        large = newLarge;
        submissions = ring.submissions();
        scratch = new Scratch(ring.arena());
    }

    private static BufferGroup receiveBuffers(Ring ring, int number, UringOptions.Buffers sizes, UringOptions options)
            throws IOException {
        return new BufferGroup(ring, number, sizes.bytes(), sizes.first(), sizes.most(), options.allocator());
    }

    private static void release(@Nullable Ring ring, @Nullable BufferGroup... groups) {
        for (BufferGroup group : groups) {
            if (group != null) {
                group.close();
            }
        }
        if (ring != null) {
            ring.close(true);
        }
    }

    /** Returns a factory with {@link UringOptions#DEFAULT}. */
    public static IoHandlerFactory newFactory() {
        return newFactory(UringOptions.DEFAULT);
    }

    /**
     * Returns what makes a handler for each event loop.
     *
     * @throws IllegalStateException if this machine has no usable io_uring, with the reason; see {@link Uring}
     */
    public static IoHandlerFactory newFactory(UringOptions options) {
        Objects.requireNonNull(options, "options");
        Uring.ensureAvailable();
        return executor -> new UringIoHandler(executor, options);
    }

    // ---- the loop ----

    @Override
    public void initialize() {
        try {
            ring.enable();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        wakeup.arm(submissions);
    }

    /** One pass: sends what was flushed, waits for the kernel if there is nothing else to do, handles what came. */
    @Override
    public int run(IoHandlerContext context) {
        if (ended) {
            return 0;
        }
        // A flush calls the kernel, too, and takes what has completed: such completions are waited for no more.
        boolean canWait = sends.submit() && completions.isEmpty();
        wakeup.fallAsleep();
        if (canWait && context.canBlock()) {
            long deadline = context.deadlineNanos();
            enterAndWait(deadline == -1 ? Long.MAX_VALUE : Math.max(0, context.delayNanos(System.nanoTime())));
        } else {
            enter();
        }
        wakeup.awake();
        sends.conclude();
        return handleCompletions();
    }

    private void enterAndWait(long nanos) {
        afterEnter(nanos == 0 ? ring.enter() : ring.enterAndWait(nanos));
    }

    /** Submits all that is queued and takes what has completed; runs nothing of the channels' users. */
    private void enter() {
        afterEnter(ring.enter());
    }

    private void afterEnter(int firstResult) {
        int result = firstResult;
        for (int fruitless = 0; ; fruitless++) {
            ring.completions().moveTo(completions);
            if (!isHarmless(result) || fruitless == MOST_FRUITLESS_CALLS) {
                throw new IllegalStateException("the kernel does not serve the io_uring any more: "
                        + Errno.text(Math.max(0, -result)) + ", " + submissions.waiting() + " operations not taken");
            }
            if (submissions.waiting() == 0 && !submissions.completionsOverflowed()) {
                break;
            }
            result = ring.enter();
        }
        scratch.clear();
    }

    /** A call that was interrupted, and want of memory or room, which may pass. */
    private static boolean isHarmless(int result) {
        return result >= 0 || result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.EBUSY;
    }

    /** As {@link #enter()}, for what can't wait until the pass ends. */
    void submitNow() {
        enter();
    }

    private int handleCompletions() {
        int handled = 0;
        while (completions.next()) {
            long tag = completions.tag();
            if (tag == Wakeup.TAG) {
                wakeup.hasBeenRead();
                if (!ended) {
                    wakeup.arm(room());
                }
            } else {
                handle(tag, completions.result(), completions.flags());
                handled++;
            }
        }
        completeReads();
        return handled;
    }

    private void handle(long tag, int result, int flags) {
        AbstractUringChannel channel = slots.get(tag);
        if (channel == null) {
            // The failure of a cancellation that came too late, or of a close.
            return;
        }
        int operation = Operation.operation(tag);
        if (Operation.cancels(tag)) {
            channel.cancelFailed(operation);
            return;
        }
        if (operation == Operation.CLOSE) {
            return;
        }
        if (!Completions.more(flags)) {
            channel.ended(operation);
        }
        try {
            channel.completed(operation, result, flags);
        } catch (Exception | LinkageError e) {
            LOG.warn("Unexpected exception in the event loop, at {}", channel, e);
        }
        removeIfGone(channel);
    }

    private void removeIfGone(AbstractUringChannel channel) {
        if (channel.isGone()) {
            slots.remove(channel.slot());
            channel.placed(AbstractUringChannel.NO_SLOT, 0);
        }
    }

    private void completeReads() {
        for (AbstractUringChannel reader; (reader = readers.poll()) != null; ) {
            reader.completeRead();
        }
    }

    /** Has the channel's read completed at the end of this pass. */
    void readCompletesLater(AbstractUringChannel reader) {
        readers.add(reader);
    }

    // ---- what channels ask for ----

    /** Returns the queue of submissions, with room for one. */
    SubmissionQueue room() {
        if (submissions.isFull()) {
            submitNow();
        }
        return submissions;
    }

    /** Returns the scratch memory, with room for so many bytes. Ask for {@link #room()} first. */
    Scratch scratch(long bytes) {
        if (!scratch.hasRoom(bytes)) {
            submitNow();
        }
        return scratch;
    }

    Scratch scratch() {
        return scratch;
    }

    SendBatch sends() {
        return sends;
    }

    BufferGroup buffers(int group) {
        return group == SMALL ? small : large;
    }

    boolean isRunning() {
        return !ended;
    }

    void receive(AbstractUringChannel channel, int group, boolean multishot) {
        room().receive(channel.socket().number(), group, multishot, channel.begin(Operation.RECEIVE));
    }

    void accept(AbstractUringChannel channel) {
        room().accept(channel.socket().number(), channel.begin(Operation.ACCEPT));
    }

    void connect(AbstractUringChannel channel, byte[] address) {
        SubmissionQueue queue = room();
        Scratch memory = scratch(SocketAddresses.MOST_BYTES);
        long at = memory.take(SocketAddresses.MOST_BYTES);
        memory.put(at, address);
        queue.connect(channel.socket().number(), memory.address(at), address.length, channel.begin(Operation.CONNECT));
    }

    /** Watches for resets and hang-ups, from now on, if nothing does yet. */
    void watchErrors(AbstractUringChannel channel) {
        if (!channel.isUnderWay(Operation.WATCH_ERRORS)) {
            room().watch(channel.socket().number(), 0, channel.begin(Operation.WATCH_ERRORS));
        }
    }

    /** Watches for room to send, until cancelled. */
    void watchRoom(AbstractUringChannel channel) {
        if (!channel.isUnderWay(Operation.WATCH_ROOM)) {
            room().watch(channel.socket().number(), POLLOUT, channel.begin(Operation.WATCH_ROOM));
        }
    }

    /** Ends an operation if it is under way; its last completion says so. */
    void cancel(AbstractUringChannel channel, int operation) {
        if (channel.beginCancelling(operation)) {
            room().cancel(channel.tag(operation));
        }
    }

    /** Asks again for what is still to be cancelled: the kernel had it in hand and not in its lists. */
    void cancelAgain(AbstractUringChannel channel, int operation) {
        room().cancel(channel.tag(operation));
    }

    /** Closes a channel's socket, behind all that is queued for it, and cancels what is under way. */
    void close(AbstractUringChannel channel, boolean mayBlock) {
        for (int operation = Operation.RECEIVE; operation <= Operation.WATCH_ROOM; operation++) {
            cancel(channel, operation);
        }
        room().close(channel.socket().number(), mayBlock, channel.tag(Operation.CLOSE));
        removeIfGone(channel);
    }

    // ---- Netty's side ----

    @Override
    public void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread())) {
            wakeup.wake();
        }
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return AbstractUringChannel.UringUnsafe.class.isAssignableFrom(handleType);
    }

    @Override
    public IoRegistration register(IoHandle handle) {
        if (ended) {
            throw new IllegalStateException("the event loop has ended");
        }
        AbstractUringChannel channel = ((AbstractUringChannel.UringUnsafe) handle).channel();
        slots.add(channel);
        handle.registered();
        return new Registration(handle);
    }

    @Override
    public void prepareToDestroy() {
        for (AbstractUringChannel channel : slots.all()) {
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    @Override
    public void destroy() {
        if (ended) {
            return;
        }
        prepareToDestroy();
        ended = true;
        room().cancel(Wakeup.TAG);
        // Each cancelled operation completes once more; until then the kernel may write to our memory.
        long deadline = System.nanoTime() + END_NANOS;
        boolean idle;
        do {
            sends.submit();
            enterAndWait(END_STEP_NANOS);
            sends.conclude();
            handleCompletions();
            idle = slots.size() == 0 && !wakeup.isBeingRead();
        } while (!idle && System.nanoTime() < deadline);
        wakeup.close();
        if (idle) {
            small.close();
            large.close();
        } else {
            LOG.error(
                    "{} channels still have operations under way after {} ms; their memory is given up",
                    slots.size(),
                    TimeUnit.NANOSECONDS.toMillis(END_NANOS));
        }
        ring.close(idle);
    }

    /** Netty's record of a registered channel. */
    private final class Registration implements IoRegistration {

        private final IoHandle handle;
        private boolean valid = true;

        Registration(IoHandle handle) {
            this.handle = handle;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T attachment() {
            return (T) UringIoHandler.this;
        }

        @Override
        public long submit(IoOps operations) {
            throw new UnsupportedOperationException("this transport's channels submit their operations themselves");
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public boolean cancel() {
            if (!valid) {
                return false;
            }
            valid = false;
            handle.unregistered();
            return true;
        }
    }
}
