package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The queue of operations for the kernel: entries of 64 bytes, written here and taken by the kernel when the ring is
 * entered. Used by the ring's owner.
 *
 * <p>There must be room before an entry is added; the event loop sees to it.
 */
public final class SubmissionQueue {

    static final long ENTRY_BYTES = 64;

    // struct io_sqring_offsets
    static final long FIELDS_BYTES = 40;
    private static final long HEAD = 0;
    private static final long TAIL = 4;
    private static final long FLAGS = 16;
    private static final long ARRAY = 24;

    // struct io_uring_sqe, in words of eight bytes
    private static final long CODE_FLAGS_PRIORITY_DESCRIPTOR = 0;
    private static final long OFFSET = 8;
    private static final long ADDRESS = 16;
    private static final long LENGTH_AND_OPTIONS = 24;
    private static final long TAG = 32;
    private static final long BUFFER_GROUP = 40;
    private static final long UNUSED_1 = 48;
    private static final long UNUSED_2 = 56;

    private static final int CODE_SENDMSG = 9;
    private static final int CODE_ACCEPT = 13;
    private static final int CODE_CANCEL = 14;
    private static final int CODE_CONNECT = 16;
    private static final int CODE_CLOSE = 19;
    private static final int CODE_READ = 22;
    private static final int CODE_SEND = 26;
    private static final int CODE_RECEIVE = 27;
    private static final int CODE_POLL = 6;

    /** Off to a thread of the kernel's, since it may block. */
    private static final int ASYNC = 1 << 4;
    /** The kernel chooses a buffer. */
    private static final int BUFFER_SELECT = 1 << 5;
    /** No completion unless it fails. */
    private static final int SKIP_SUCCESS = 1 << 6;

    private static final int ACCEPT_MULTISHOT = 1;
    private static final int RECEIVE_MULTISHOT = 1 << 1;
    private static final int POLL_MULTISHOT = 1;
    private static final int SOCK_CLOEXEC = 0x80000;

    /** No signal, no waiting, and whole or failed: what lets a send be silent when all went out. */
    private static final int SILENT_SEND = 0x4000 | 0x40 | 0x100;

    private static final int CQ_OVERFLOW = 1 << 1;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final MemorySegment queue;
    private final MemorySegment entries;
    private final int size;
    private final long headAt;
    private final long tailAt;
    private final long flagsAt;
    /** Entries before this number have been taken by the kernel. */
    private int head;

    private int tail;

    SubmissionQueue(MemorySegment queue, MemorySegment fields, MemorySegment entries, int size) {
        this.queue = queue;
        this.entries = entries;
        this.size = size;
        headAt = fields.get(JAVA_INT, HEAD);
        tailAt = fields.get(JAVA_INT, TAIL);
        flagsAt = fields.get(JAVA_INT, FLAGS);
        long array = fields.get(JAVA_INT, ARRAY);
        for (int i = 0; i < size; i++) {
            // Entries are always used in their order.
            queue.set(JAVA_INT, array + (long) i * Integer.BYTES, i);
        }
    }

    /** The end of the queue in its memory. */
    static long end(MemorySegment fields, int size) {
        return fields.get(JAVA_INT, ARRAY) + (long) size * Integer.BYTES;
    }

    public boolean isFull() {
        return tail - head == size;
    }

    /** Entries that the kernel has not taken yet. */
    public int waiting() {
        return tail - head;
    }

    /** Shows the kernel all entries added so far, and returns how many it has not taken yet. */
    int publish() {
        INT.setRelease(queue, tailAt, tail);
        return tail - head;
    }

    /** Reads how far the kernel has got. */
    void readHead() {
        head = (int) INT.getAcquire(queue, headAt);
    }

    /** Whether the kernel keeps completions back that had no room in the queue of completions. */
    public boolean completionsOverflowed() {
        return ((int) INT.getAcquire(queue, flagsAt) & CQ_OVERFLOW) != 0;
    }

    // ---- operations ----

    public void receive(int socket, int group, boolean multishot, long tag) {
        add(CODE_RECEIVE, BUFFER_SELECT, multishot ? RECEIVE_MULTISHOT : 0, socket, 0, 0, 0, 0, tag, group);
    }

    public void accept(int socket, long tag) {
        add(CODE_ACCEPT, 0, ACCEPT_MULTISHOT, socket, 0, 0, 0, SOCK_CLOEXEC, tag, 0);
    }

    /** @param address memory that stays until the entry has been taken */
    public void connect(int socket, long address, long length, long tag) {
        add(CODE_CONNECT, 0, 0, socket, length, address, 0, 0, tag, 0);
    }

    /** Sends bytes; completes only if fewer than all are taken at once. */
    public void send(int socket, long address, int length, long tag) {
        add(CODE_SEND, SKIP_SUCCESS, 0, socket, 0, address, length, SILENT_SEND, tag, 0);
    }

    /**
     * As {@link #send}, bytes from several places.
     *
     * @param message the address of a {@code struct msghdr} that stays until the entry has been taken
     */
    public void sendMessage(int socket, long message, long tag) {
        add(CODE_SENDMSG, SKIP_SUCCESS, 0, socket, 0, message, 1, SILENT_SEND, tag, 0);
    }

    /** Completes whenever events begin, until cancelled; errors and hang-ups always count. */
    public void watch(int descriptor, int events, long tag) {
        add(CODE_POLL, 0, 0, descriptor, 0, 0, POLL_MULTISHOT, events, tag, 0);
    }

    /** Ends the operation with that tag; completes only if there is none or it can't be ended now. */
    public void cancel(long cancelled) {
        add(CODE_CANCEL, SKIP_SUCCESS, 0, -1, 0, cancelled, 0, 0, Operation.cancelling(cancelled), 0);
    }

    /** @param mayBlock whether it may take time and is to hold up nothing else */
    public void close(int descriptor, boolean mayBlock, long tag) {
        add(CODE_CLOSE, SKIP_SUCCESS | (mayBlock ? ASYNC : 0), 0, descriptor, 0, 0, 0, 0, tag, 0);
    }

    /** @param address memory that stays until the operation has completed */
    void read(int descriptor, long address, int length, long tag) {
        add(CODE_READ, 0, 0, descriptor, 0, address, length, 0, tag, 0);
    }

    private void add(
            int code,
            int flags,
            int priority,
            int descriptor,
            long offset,
            long address,
            int length,
            int options,
            long tag,
            int group) {
        assert !isFull();
        long at = (tail & size - 1) * ENTRY_BYTES;
        entries.set(
                JAVA_LONG,
                at + CODE_FLAGS_PRIORITY_DESCRIPTOR,
                code | flags << 8 | priority << 16 | (long) descriptor << 32);
        entries.set(JAVA_LONG, at + OFFSET, offset);
        entries.set(JAVA_LONG, at + ADDRESS, address);
        entries.set(JAVA_LONG, at + LENGTH_AND_OPTIONS, length & 0xffff_ffffL | (long) options << 32);
        entries.set(JAVA_LONG, at + TAG, tag);
        entries.set(JAVA_LONG, at + BUFFER_GROUP, group);
        entries.set(JAVA_LONG, at + UNUSED_1, 0);
        entries.set(JAVA_LONG, at + UNUSED_2, 0);
        tail++;
    }
}
