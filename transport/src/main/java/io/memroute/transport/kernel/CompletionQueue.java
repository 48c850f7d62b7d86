package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The queue of operations that the kernel has completed: entries of 16 bytes, written by the kernel. Used by the ring's
 * owner.
 */
public final class CompletionQueue {

    private static final long ENTRY_BYTES = 16;

    // struct io_cqring_offsets
    static final long FIELDS_BYTES = 40;
    private static final long HEAD = 0;
    private static final long TAIL = 4;
    private static final long ENTRIES = 20;

    // struct io_uring_cqe
    private static final long TAG = 0;
    private static final long RESULT = 8;
    private static final long FLAGS = 12;

    /** A receiver of completions. */
    public interface Target {

        /** Takes a completion: what the operation had been tagged with, its result and the kernel's flags. */
        void add(long tag, int result, int flags);
    }

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final MemorySegment queue;
    private final long entriesAt;
    private final long headAt;
    private final long tailAt;
    private final int mask;
    private int head;

    CompletionQueue(MemorySegment queue, MemorySegment fields, int size) {
        this.queue = queue;
        headAt = fields.get(JAVA_INT, HEAD);
        tailAt = fields.get(JAVA_INT, TAIL);
        entriesAt = fields.get(JAVA_INT, ENTRIES);
        mask = size - 1;
        head = (int) INT.getAcquire(queue, headAt);
    }

    /** The end of the queue in its memory. */
    static long end(MemorySegment fields, int size) {
        return fields.get(JAVA_INT, ENTRIES) + size * ENTRY_BYTES;
    }

    /** Moves all completions there are to a list, and gives the kernel their room back. */
    public void moveTo(Target target) {
        int tail = (int) INT.getAcquire(queue, tailAt);
        if (head == tail) {
            return;
        }
        do {
            long at = entriesAt + (head & mask) * ENTRY_BYTES;
            target.add(
                    queue.get(JAVA_LONG, at + TAG), queue.get(JAVA_INT, at + RESULT), queue.get(JAVA_INT, at + FLAGS));
            head++;
        } while (head != tail);
        INT.setRelease(queue, headAt, head);
    }
}
