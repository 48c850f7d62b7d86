package io.memroute.transport.kernel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The resources that this transport holds at a moment, all event loops together. When every loop has ended and every
 * channel is closed, all of it is 0.
 *
 * @param rings open rings: one for each event loop
 * @param ringBytes native memory of rings and what they point to
 * @param receiveBufferBytes memory of the buffers that the kernel may receive into at this moment
 * @param sockets open sockets
 */
public record UringFootprint(long rings, long ringBytes, long receiveBufferBytes, long sockets) {

    static final AtomicLong RINGS = new AtomicLong();
    static final AtomicLong RING_BYTES = new AtomicLong();
    static final AtomicLong RECEIVE_BUFFER_BYTES = new AtomicLong();
    static final AtomicLong SOCKETS = new AtomicLong();

    /** Returns the footprint at this moment. Any thread. */
    public static UringFootprint now() {
        return new UringFootprint(RINGS.get(), RING_BYTES.get(), RECEIVE_BUFFER_BYTES.get(), SOCKETS.get());
    }
}
