package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;

/**
 * Whoever owns the bytes of a request, and lets them go when nobody needs them any more. Owned by the worker's thread;
 * the count is a plain one.
 *
 * <p>A route may answer its call before all that it has started in turn is answered: it has its reply and does not care
 * for the rest. What is still outstanding then has only the holder to keep the request it was given.
 */
public interface RequestHolder {

    Request request();

    /** As {@link Call#value()}. */
    ByteBuf value();

    /**
     * The file descriptor of the client's socket; 0 for a request of the proxy's own, and where the transport does not
     * tell.
     */
    default int clientDescriptor() {
        return 0;
    }

    /** Keeps the request and its value as they are until the matching {@link #release()}. */
    void retain();

    void release();
}
