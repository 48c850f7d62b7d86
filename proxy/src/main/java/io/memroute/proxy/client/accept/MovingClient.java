package io.memroute.proxy.client.accept;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A client on its way from one server to another: its socket, and what the one knows of it that the socket does not
 * tell. Immutable.
 *
 * @param descriptor of its socket
 * @param user the name it has logged in with; empty if it has not
 * @param address the address that a load balancer has told; empty if it is the socket's
 * @param received the bytes that have been read of a request that has not wholly arrived
 */
public record MovingClient(int descriptor, String user, Optional<InetSocketAddress> address, byte[] received) {

    /** Bounds the bytes that go with a client: a line, and a value that is not long. */
    public static final int MOST_RECEIVED_BYTES = 32 << 10;
}
