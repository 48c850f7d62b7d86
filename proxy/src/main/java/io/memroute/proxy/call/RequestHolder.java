package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The owner of the bytes of a request, which lets them go when nobody needs them any more. Owned by the worker's
 * thread; the count is a plain one.
 *
 * <p>A route may answer its call before all calls that it has made in turn are answered. Only the holder keeps the
 * request for those that are still outstanding.
 */
public interface RequestHolder {

    Request request();

    /** As {@link Call#value()}. */
    @Nullable
    ByteBuf value();

    /**
     * The file descriptor of the client's socket; 0 for a request of the proxy's own, and where the transport does not
     * tell.
     */
    default int clientDescriptor() {
        return 0;
    }

    /** The client that sent it; {@link Identity#UNKNOWN} for a request of the proxy's own. */
    default Identity identity() {
        return Identity.UNKNOWN;
    }

    /** Keeps the request and its value as they are until the matching {@link #release()}. */
    void retain();

    void release();
}
