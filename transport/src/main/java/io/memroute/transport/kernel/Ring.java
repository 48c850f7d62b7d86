package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One io_uring: its memory, its queues, and the call that submits and waits. Made on any thread, then owned by the
 * thread that called {@link #enable}.
 *
 * <p>The kernel's structures are read and written only here and in the two queues, each at constant offsets of segments
 * that end where the kernel's memory ends. All memory belongs to one arena.
 */
public final class Ring {

    // struct io_uring_params: ten words, then the places of the fields of both queues in their memory.
    private static final long PARAMETERS_BYTES = 120;
    private static final long SQ_ENTRIES = 0;
    private static final long CQ_ENTRIES = 4;
    private static final long FLAGS = 8;
    private static final long FEATURES = 20;
    private static final long SQ_FIELDS = 40;
    private static final long CQ_FIELDS = 80;

    private static final int SETUP_CQSIZE = 1 << 3;
    private static final int SETUP_CLAMP = 1 << 4;
    private static final int SETUP_R_DISABLED = 1 << 6;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;

    /** One thread submits, and the kernel does a ring's work only when that thread asks for completions: Linux 6.1. */
    private static final int SETUP_FLAGS = SETUP_CQSIZE
            | SETUP_CLAMP
            | SETUP_R_DISABLED
            | SETUP_SUBMIT_ALL
            | SETUP_SINGLE_ISSUER
            | SETUP_DEFER_TASKRUN;

    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int FEATURE_NODROP = 1 << 1;
    private static final int FEATURE_SUBMIT_STABLE = 1 << 2;
    private static final int FEATURE_EXT_ARG = 1 << 8;
    private static final int FEATURE_CQE_SKIP = 1 << 11;
    private static final int FEATURE_NO_IOWAIT = 1 << 17;
    private static final int NEEDED_FEATURES =
            FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_SUBMIT_STABLE | FEATURE_EXT_ARG | FEATURE_CQE_SKIP;

    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int ENTER_REGISTERED_RING = 1 << 4;
    /** A thread that waits for clients is idle; without this it counts as waiting for a disk. */
    private static final int ENTER_NO_IOWAIT = 1 << 7;

    private static final int REGISTER_ENABLE_RINGS = 12;
    private static final int REGISTER_RING_FDS = 20;
    private static final int UNREGISTER_RING_FDS = 21;
    private static final int REGISTER_PBUF_RING = 22;
    private static final int UNREGISTER_PBUF_RING = 23;

    private static final long OFFSET_RINGS = 0;
    private static final long OFFSET_SUBMISSIONS = 0x1000_0000L;

    // struct io_uring_rsrc_update: which of the thread's registered rings, and the ring's descriptor.
    private static final long UPDATE_OFFSET = 0;
    private static final long UPDATE_DATA = 8;

    // struct io_uring_getevents_arg, and behind it the struct __kernel_timespec that it points to.
    private static final long ARGUMENT_BYTES = 24;
    private static final long ARGUMENT_TIME = 16;
    private static final long SECONDS = 24;
    private static final long NANOSECONDS = 32;
    private static final long WAIT_BYTES = 40;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private final int descriptor;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private final MemorySegment errno;
    private final MemorySegment wait;
    private final MemorySegment registration;
    private final long bytes;
    private int enterDescriptor;
    private boolean closed;
    private int enterFlags = ENTER_GETEVENTS;

    /**
     * Sets a ring up.
     *
     * @throws IOException if the kernel refuses, with the reason
     */
    public Ring(int submissionEntries, int completionEntries) throws IOException {
        MemorySegment parameters = arena.allocate(PARAMETERS_BYTES, Long.BYTES);
        parameters.set(JAVA_INT, CQ_ENTRIES, completionEntries);
        parameters.set(JAVA_INT, FLAGS, SETUP_FLAGS);
        int opened = SystemCalls.ringSetup(submissionEntries, parameters);
        if (opened < 0) {
            arena.close();
            throw new RingSetupException(-opened);
        }
        descriptor = opened;
        enterDescriptor = opened;
        try {
            int features = parameters.get(JAVA_INT, FEATURES);
            if ((features & NEEDED_FEATURES) != NEEDED_FEATURES) {
                throw new RingSetupException(Errno.EINVAL);
            }
            if ((features & FEATURE_NO_IOWAIT) != 0) {
                enterFlags |= ENTER_NO_IOWAIT;
            }
            int sqEntries = parameters.get(JAVA_INT, SQ_ENTRIES);
            int cqEntries = parameters.get(JAVA_INT, CQ_ENTRIES);
            MemorySegment sqFields = parameters.asSlice(SQ_FIELDS, SubmissionQueue.FIELDS_BYTES);
            MemorySegment cqFields = parameters.asSlice(CQ_FIELDS, CompletionQueue.FIELDS_BYTES);
            long queueBytes =
                    Math.max(SubmissionQueue.end(sqFields, sqEntries), CompletionQueue.end(cqFields, cqEntries));
            MemorySegment queues = map(queueBytes, OFFSET_RINGS);
            MemorySegment entries = map(SubmissionQueue.ENTRY_BYTES * sqEntries, OFFSET_SUBMISSIONS);
            submissions = new SubmissionQueue(queues, sqFields, entries, sqEntries);
            completions = new CompletionQueue(queues, cqFields, cqEntries);
            errno = SystemCalls.newErrorNumber(arena);
            wait = arena.allocate(WAIT_BYTES, Long.BYTES);
            wait.set(JAVA_LONG, ARGUMENT_TIME, wait.address() + SECONDS);
            registration = arena.allocate(16, Long.BYTES);
            bytes = queueBytes + entries.byteSize();
        } catch (IOException | RuntimeException | Error e) {
            SystemCalls.close(descriptor);
            arena.close();
            throw e;
        }
        UringFootprint.RINGS.incrementAndGet();
        UringFootprint.RING_BYTES.addAndGet(bytes);
    }

    private MemorySegment map(long length, long offset) throws IOException {
        long address = SystemCalls.map(length, descriptor, offset);
        if (address < 0) {
            throw Errno.exception("map the memory of a ring", (int) -address);
        }
        return MemorySegment.ofAddress(address)
                .reinterpret(length, arena, mapped -> SystemCalls.unmap(mapped.address(), length));
    }

    /** Makes the calling thread the ring's owner. */
    public void enable() throws IOException {
        Errno.check(
                "enable a ring", SystemCalls.ringRegister(descriptor, REGISTER_ENABLE_RINGS, MemorySegment.NULL, 0));
        registration.set(JAVA_INT, UPDATE_OFFSET, -1);
        registration.set(JAVA_LONG, UPDATE_DATA, descriptor);
        // Saves the kernel a look into the table of descriptors at each call; done without where there are too many.
        if (SystemCalls.ringRegister(descriptor, REGISTER_RING_FDS, registration, 1) == 1) {
            enterDescriptor = registration.get(JAVA_INT, UPDATE_OFFSET);
            enterFlags |= ENTER_REGISTERED_RING;
        }
    }

    public SubmissionQueue submissions() {
        return submissions;
    }

    public CompletionQueue completions() {
        return completions;
    }

    /** The arena that ends with the ring, for memory that operations point to. */
    public Arena arena() {
        return arena;
    }

    /**
     * Submits what is queued and lets the kernel do what it can, without waiting.
     *
     * @return below zero if the kernel did nothing: the negative error number
     */
    public int enter() {
        int result = SystemCalls.ringEnter(errno, enterDescriptor, publish(), enterFlags);
        submissions.readHead();
        return result;
    }

    /**
     * Submits what is queued and waits for a completion.
     *
     * @param nanos the longest wait; {@link Long#MAX_VALUE} for one without end
     * @return as {@link #enter}, which is called if the wait ended early or in vain, so that only an error that lasts
     *     is one
     */
    public int enterAndWait(long nanos) {
        int flags = enterFlags;
        long argument = 0;
        long argumentBytes = 0;
        if (nanos != Long.MAX_VALUE) {
            wait.set(JAVA_LONG, SECONDS, nanos / NANOS_PER_SECOND);
            wait.set(JAVA_LONG, NANOSECONDS, nanos % NANOS_PER_SECOND);
            flags |= ENTER_EXT_ARG;
            argument = wait.address();
            argumentBytes = ARGUMENT_BYTES;
        }
        int result = SystemCalls.ringEnterAndWait(enterDescriptor, publish(), flags, argument, argumentBytes);
        submissions.readHead();
        return result < 0 ? enter() : result;
    }

    private int publish() {
        if (closed) {
            throw new IllegalStateException("the io_uring is closed");
        }
        return submissions.publish();
    }

    /** Gives the kernel a ring of buffers; see {@link BufferGroup}. */
    void registerBuffers(MemorySegment description) throws IOException {
        Errno.check(
                "register receive buffers", SystemCalls.ringRegister(descriptor, REGISTER_PBUF_RING, description, 1));
    }

    void unregisterBuffers(MemorySegment description) {
        SystemCalls.ringRegister(descriptor, UNREGISTER_PBUF_RING, description, 1);
    }

    /**
     * Closes the ring.
     *
     * @param free whether the memory goes, too: only if no operation is under way that may still write to it
     */
    public void close(boolean free) {
        if ((enterFlags & ENTER_REGISTERED_RING) != 0) {
            SystemCalls.ringRegister(descriptor, UNREGISTER_RING_FDS, registration, 1);
        }
        closed = true;
        SystemCalls.close(descriptor);
        UringFootprint.RINGS.decrementAndGet();
        if (free) {
            arena.close();
            UringFootprint.RING_BYTES.addAndGet(-bytes);
        }
    }
}
