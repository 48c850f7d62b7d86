package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends a ring's wait from another thread: that thread writes to an event descriptor which the ring has a read under way
 * for. Only the first of many calls writes, and none while the ring's thread is awake.
 */
public final class Wakeup {

    /** The tag of the read; no channel has this slot. */
    public static final long TAG = Operation.tag(Operation.WAKE, 0, Integer.MAX_VALUE);

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final int descriptor;
    private final MemorySegment one;
    private final MemorySegment read;
    private boolean beingRead;
    private boolean open = true;

    /** @param arena ends after the ring's last operation */
    public Wakeup(Arena arena) throws IOException {
        descriptor = Errno.check("open an event descriptor", SystemCalls.eventDescriptor());
        one = arena.allocateFrom(JAVA_LONG, 1);
        read = arena.allocate(JAVA_LONG);
    }

    /** Has the ring read the descriptor. Its owner calls this at first and whenever the read has completed. */
    public void arm(SubmissionQueue submissions) {
        beingRead = true;
        submissions.read(descriptor, read.address(), (int) read.byteSize(), TAG);
    }

    /** The read has completed. */
    public void hasBeenRead() {
        beingRead = false;
    }

    public boolean isBeingRead() {
        return beingRead;
    }

    /** Has {@link #wake} write from here on. The ring's owner looks for work only after this, then waits. */
    public void fallAsleep() {
        state.set(ASLEEP);
    }

    public void awake() {
        state.lazySet(AWAKE);
    }

    /** Wakes the ring's thread if it is asleep. Any thread. */
    public void wake() {
        if (state.get() == ASLEEP && state.compareAndSet(ASLEEP, AWAKE)) {
            write();
        }
    }

    private synchronized void write() {
        if (open) {
            SystemCalls.write(descriptor, one);
        }
    }

    /** Closes the descriptor; {@link #wake} does nothing from here on. */
    public synchronized void close() {
        open = false;
        SystemCalls.close(descriptor);
    }
}
