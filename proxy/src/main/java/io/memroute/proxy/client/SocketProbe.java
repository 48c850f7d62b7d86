package io.memroute.proxy.client;

import io.memroute.transport.kernel.CLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Asks the system directly, not the transport, for the state of sockets: one {@code poll(2)} for many. Finds nothing
 * out where there is no Linux, or where a transport does not tell its descriptors. For one thread.
 */
final class SocketProbe {

    /** {@code struct pollfd}: {@code int fd; short events; short revents}. */
    private static final int POLLFD_BYTES = 8;

    private static final int EVENTS_OFFSET = 4;
    private static final int RETURNED_OFFSET = 6;

    /** Linux's {@code POLLERR}, {@code POLLHUP}, {@code POLLNVAL} and {@code POLLRDHUP}. */
    private static final short ENDED = 0x8 | 0x10 | 0x20;

    private static final short SAID_LAST = 0x2000;

    private final @Nullable MemorySegment poll;
    private final MemorySegment descriptors;

    private SocketProbe(@Nullable MemorySegment poll, int most) {
        this.poll = poll;
        this.descriptors = Arena.ofAuto().allocate((long) POLLFD_BYTES * most, ValueLayout.JAVA_INT.byteAlignment());
    }

    /** @param most how many sockets it is asked about at a time */
    static SocketProbe ofSystem(int most) {
        MemorySegment poll = System.getProperty("os.name").equals("Linux")
                ? CLibrary.find("poll").orElse(null)
                : null;
        return new SocketProbe(poll, most);
    }

    /** Asks about the clients from one place to before another. */
    void ask(ClientCheck[] clients, int from, int to) {
        for (int i = from; i < to; i++) {
            // The system skips negative ones.
            set(i - from, clients[i].descriptor() > 0 ? clients[i].descriptor() : -1);
        }
        ask(to - from);
    }

    void set(int index, int descriptor) {
        long at = (long) index * POLLFD_BYTES;
        descriptors.set(ValueLayout.JAVA_INT, at, descriptor);
        descriptors.set(ValueLayout.JAVA_SHORT, at + EVENTS_OFFSET, SAID_LAST);
        descriptors.set(ValueLayout.JAVA_SHORT, at + RETURNED_OFFSET, (short) 0);
    }

    void ask(int count) {
        if (poll == null || count == 0) {
            return;
        }
        CLibrary.call(poll, descriptors.address(), count, 0);
    }

    /** Whether the connection is over in both directions. */
    boolean ended(int index) {
        return (returned(index) & ENDED) != 0;
    }

    /** Whether the other side sends no more. */
    boolean saidLast(int index) {
        return (returned(index) & SAID_LAST) != 0;
    }

    private short returned(int index) {
        return descriptors.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + RETURNED_OFFSET);
    }
}
