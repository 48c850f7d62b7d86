package io.memroute.proxy;

import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.transport.Uring;
import io.memroute.transport.UringIoHandler;
import io.memroute.transport.UringServerChannel;
import io.memroute.transport.UringServerSocketChannel;
import io.memroute.transport.UringServerUnixSocketChannel;
import io.memroute.transport.UringSocketChannel;
import io.memroute.transport.UringUnixSocketChannel;
import io.memroute.transport.kernel.SocketDescriptor;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The way in which sockets are driven: memroute's own transport, one of Netty's, or the best that this machine has.
 *
 * <p>Each releases a client whenever and however it ends; a test tries every moment on each.
 */
public enum Transport {
    /** epoll if the system has it, else kqueue, else NIO. */
    AUTO,
    /** memroute's own, over io_uring. Only if asked for. */
    IO_URING,
    EPOLL,
    KQUEUE,
    NIO;

    /** Best first; what {@link #AUTO} tries. */
    private static final List<Transport> PREFERENCE = List.of(EPOLL, KQUEUE, NIO);

    /**
     * A system property with the name of what {@link #AUTO} is to be; all tests can be run on one transport with it.
     */
    private static final String CHOICE = "memroute.transport";

    /**
     * Reads the name as operators write it.
     *
     * @throws IllegalArgumentException naming the known ones
     */
    public static Transport named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "io_uring", "iouring" -> IO_URING;
            case "epoll" -> EPOLL;
            case "kqueue" -> KQUEUE;
            case "nio" -> NIO;
            default ->
                throw new IllegalArgumentException(
                        "no transport named \"" + name + "\"; expected auto, io_uring, epoll, kqueue or nio");
        };
    }

    /** Whether this machine can run it. */
    public boolean available() {
        return switch (this) {
            case AUTO, NIO -> true;
            case IO_URING -> Uring.isAvailable();
            case EPOLL -> Epoll.isAvailable();
            case KQUEUE -> KQueue.isAvailable();
        };
    }

    /** Every concrete transport that this machine can run, in the order of their declaration. */
    public static List<Transport> allAvailable() {
        return Arrays.stream(values())
                .filter(transport -> transport != AUTO && transport.available())
                .toList();
    }

    /** The concrete transport that {@link #AUTO} is here. */
    public static Transport ofThisMachine() {
        return AUTO.resolve();
    }

    /**
     * The concrete transport to use.
     *
     * @throws IllegalStateException if the one asked for does not work here, with the reason
     */
    Transport resolve() {
        if (this == AUTO && System.getProperty(CHOICE) != null) {
            return valueOf(System.getProperty(CHOICE).toUpperCase(Locale.ROOT)).resolve();
        }
        if (this == AUTO) {
            return PREFERENCE.stream().filter(Transport::available).findFirst().orElseThrow();
        }
        if (!available()) {
            throw new IllegalStateException("transport " + label() + " does not work here: " + unavailability()
                    + "; available: "
                    + String.join(
                            ", ", allAvailable().stream().map(Transport::label).toList()));
        }
        return this;
    }

    private String unavailability() {
        Throwable cause = switch (this) {
            case IO_URING -> new IllegalStateException(Uring.unavailability().orElseThrow());
            case EPOLL -> Epoll.unavailabilityCause();
            case KQUEUE -> KQueue.unavailabilityCause();
            case AUTO, NIO -> null;
        };
        return cause == null || cause.getMessage() == null ? "unknown reason" : cause.getMessage();
    }

    /** The name operators know it by. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    IoHandlerFactory ioHandlerFactory() {
        return switch (this) {
            case IO_URING -> UringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case KQUEUE -> KQueueIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
            case AUTO -> throw unresolved();
        };
    }

    Class<? extends SocketChannel> clientChannel() {
        return switch (this) {
            case IO_URING -> UringSocketChannel.class;
            case EPOLL -> EpollSocketChannel.class;
            case KQUEUE -> KQueueSocketChannel.class;
            case NIO -> NioSocketChannel.class;
            case AUTO -> throw unresolved();
        };
    }

    Class<? extends ServerChannel> serverChannel(SocketAddress address) {
        boolean unix = address instanceof UnixDomainSocketAddress;
        return switch (this) {
            case IO_URING -> unix ? UringServerUnixSocketChannel.class : UringServerSocketChannel.class;
            case EPOLL -> unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
            case KQUEUE -> unix ? KQueueServerDomainSocketChannel.class : KQueueServerSocketChannel.class;
            case NIO -> unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
            case AUTO -> throw unresolved();
        };
    }

    /**
     * Makes the channel of a socket that listens already.
     *
     * @throws IOException if this transport cannot use it
     */
    ChannelFactory<? extends ServerChannel> serverChannel(GivenSocket socket) throws IOException {
        int descriptor = socket.descriptor();
        boolean unix = socket.address() instanceof UnixDomainSocketAddress;
        return switch (this) {
            case IO_URING ->
                unix
                        ? () -> new UringServerUnixSocketChannel(descriptor, (UnixDomainSocketAddress) socket.address())
                        : () -> new UringServerSocketChannel(descriptor, (InetSocketAddress) socket.address());
            case EPOLL ->
                unix
                        ? () -> new EpollServerDomainSocketChannel(descriptor)
                        : () -> new EpollServerSocketChannel(descriptor);
            case KQUEUE, NIO ->
                throw new IOException("the transport " + label()
                        + " cannot use a socket of another process; expected epoll or io_uring");
            case AUTO -> throw unresolved();
        };
    }

    /**
     * Prepares a socket for this transport to use, which no other process may do from then on: epoll needs a socket
     * that does not wait, a ring one that does, and that belongs to the socket, not to the process.
     */
    void prepare(int descriptor) throws IOException {
        SocketDescriptor.setNonBlocking(descriptor, this == EPOLL);
    }

    /**
     * Makes the channel of a client whom another process has served so far.
     *
     * @param local the address of this end
     * @throws IOException if this transport cannot
     */
    Channel client(int descriptor, SocketAddress local) throws IOException {
        prepare(descriptor);
        return switch (this) {
            case IO_URING ->
                local instanceof UnixDomainSocketAddress unix
                        ? new UringUnixSocketChannel(descriptor, unix)
                        : new UringSocketChannel(descriptor, (InetSocketAddress) local);
            case EPOLL ->
                local instanceof UnixDomainSocketAddress
                        ? new EpollDomainSocketChannel(descriptor)
                        : new EpollSocketChannel(descriptor);
            case KQUEUE, NIO, AUTO -> throw new IOException("the transport " + label() + " cannot take over clients");
        };
    }

    /**
     * Returns the descriptor of a channel that listens.
     *
     * @throws IOException if this transport does not tell
     */
    int descriptor(Channel listening) throws IOException {
        return switch (listening) {
            case EpollServerSocketChannel tcp -> tcp.fd().intValue();
            case EpollServerDomainSocketChannel unix -> unix.fd().intValue();
            case UringServerChannel uring -> uring.descriptor();
            default ->
                throw new IOException(
                        "the transport " + label() + " cannot hand over its sockets; expected epoll or io_uring");
        };
    }

    /** Whether its UNIX sockets have the JDK's addresses; those of Netty's native transports have Netty's. */
    boolean takesJdkUnixAddresses() {
        return this == NIO || this == IO_URING;
    }

    private static IllegalStateException unresolved() {
        return new IllegalStateException(
                "AUTO is not a transport; resolve() it first, to one of " + Arrays.toString(values()));
    }
}
