package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.netty.channel.ChannelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket of the kernel's, by its number. Thread safe: no call reaches the number after the socket has been
 * given up, when the kernel may have given it to another.
 */
public final class NativeSocket {

    private static final int SOCK_STREAM_CLOEXEC = 0x80001;

    private static final int LEVEL_SOCKET = 1;
    private static final int LEVEL_IPV4 = 0;
    private static final int LEVEL_TCP = 6;
    private static final int LEVEL_IPV6 = 41;
    private static final int ERROR = 4;
    private static final int LINGER = 13;
    private static final int IPV6_ONLY = 26;
    private static final int IPV4_TYPE_OF_SERVICE = 1;
    private static final int IPV6_TRAFFIC_CLASS = 67;

    /** Options whose value is one number. */
    public enum Option {
        REUSE_ADDRESS(LEVEL_SOCKET, 2),
        SEND_BUFFER(LEVEL_SOCKET, 7),
        RECEIVE_BUFFER(LEVEL_SOCKET, 8),
        KEEP_ALIVE(LEVEL_SOCKET, 9),
        NO_DELAY(LEVEL_TCP, 1);

        private final int level;
        private final int number;

        Option(int level, int number) {
            this.level = level;
            this.number = number;
        }
    }

    private static final int SHUT_READ = 0;
    private static final int SHUT_WRITE = 1;

    private final int number;
    private final int family;
    private volatile boolean open = true;

    /** @param number of a socket that is this object's alone from here on */
    public NativeSocket(int number, int family) {
        this.number = number;
        this.family = family;
        UringFootprint.SOCKETS.incrementAndGet();
    }

    /** Opens a TCP socket for addresses of both families where the machine has both. */
    public static NativeSocket tcp() {
        if (!Boolean.getBoolean("java.net.preferIPv4Stack")) {
            int opened = SystemCalls.socket(SocketAddresses.IPV6, SOCK_STREAM_CLOEXEC);
            if (opened >= 0) {
                NativeSocket socket = new NativeSocket(opened, SocketAddresses.IPV6);
                socket.setInt(LEVEL_IPV6, IPV6_ONLY, 0);
                return socket;
            }
        }
        return open(SocketAddresses.IPV4);
    }

    public static NativeSocket unix() {
        return open(SocketAddresses.UNIX);
    }

    /** Takes over a socket that exists, from an address of its family. */
    public static NativeSocket adopt(int number, SocketAddress address) {
        return new NativeSocket(
                number,
                switch (address) {
                    case UnixDomainSocketAddress unix -> SocketAddresses.UNIX;
                    case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address -> SocketAddresses.IPV4;
                    default -> SocketAddresses.IPV6;
                });
    }

    private static NativeSocket open(int family) {
        int opened = SystemCalls.socket(family, SOCK_STREAM_CLOEXEC);
        if (opened < 0) {
            throw new ChannelException(Errno.exception("open a socket", -opened));
        }
        return new NativeSocket(opened, family);
    }

    /** The descriptor. Only an operation that the ring gets before the one that closes the socket may name it. */
    public int number() {
        return number;
    }

    public int family() {
        return family;
    }

    public boolean isOpen() {
        return open;
    }

    public synchronized void bind(SocketAddress address) throws IOException {
        requireOpen();
        byte[] encoded = SocketAddresses.encode(address, family);
        try (Arena arena = Arena.ofConfined()) {
            Errno.check("bind " + address, SystemCalls.bind(number, arena.allocateFrom(JAVA_BYTE, encoded)));
        }
    }

    public synchronized void listen(int backlog) throws IOException {
        requireOpen();
        Errno.check("listen", SystemCalls.listen(number, backlog));
    }

    public synchronized void shutdownInput() throws IOException {
        requireOpen();
        Errno.check("shut the input down", SystemCalls.shutdown(number, SHUT_READ));
    }

    public synchronized void shutdownOutput() throws IOException {
        requireOpen();
        Errno.check("shut the output down", SystemCalls.shutdown(number, SHUT_WRITE));
    }

    /** Returns this end's address, if it has one. */
    public @Nullable SocketAddress localAddress() {
        return name(false);
    }

    /** Returns the other end's address, unless it is gone already, or has none. */
    public @Nullable SocketAddress remoteAddress() {
        return name(true);
    }

    private synchronized @Nullable SocketAddress name(boolean peer) {
        if (!open) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(SocketAddresses.MOST_BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SocketAddresses.MOST_BYTES);
            if (SystemCalls.name(number, peer, bytes, length) < 0) {
                return null;
            }
            long written = Math.min(length.get(JAVA_INT, 0), SocketAddresses.MOST_BYTES);
            return SocketAddresses.decode(bytes.asSlice(0, written).toArray(JAVA_BYTE));
        }
    }

    /** Returns the error that waits to be reported, 0 if none, and forgets it. */
    public synchronized int takeError() {
        return open ? getInt(LEVEL_SOCKET, ERROR) : 0;
    }

    // ---- options; a failure is a ChannelException, as Netty's configurations throw ----

    public void set(Option option, int value) {
        setInt(option.level, option.number, value);
    }

    public int get(Option option) {
        return getInt(option.level, option.number);
    }

    /** @param seconds -1 to close at once and send what is left in the background */
    public void setLinger(int seconds) {
        setOption(LEVEL_SOCKET, LINGER, seconds < 0 ? 0 : 1, Math.max(0, seconds));
    }

    public int linger() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT, 2);
            getOption(LEVEL_SOCKET, LINGER, value, arena);
            return value.getAtIndex(JAVA_INT, 0) == 0 ? -1 : value.getAtIndex(JAVA_INT, 1);
        }
    }

    public void setTrafficClass(int value) {
        setInt(LEVEL_IPV4, IPV4_TYPE_OF_SERVICE, value);
        if (family == SocketAddresses.IPV6) {
            setInt(LEVEL_IPV6, IPV6_TRAFFIC_CLASS, value);
        }
    }

    public int trafficClass() {
        return getInt(LEVEL_IPV4, IPV4_TYPE_OF_SERVICE);
    }

    private void setInt(int level, int option, int value) {
        setOption(level, option, value);
    }

    private synchronized void setOption(int level, int option, int... values) {
        try (Arena arena = Arena.ofConfined()) {
            requireOpen();
            Errno.check(
                    "set a socket's option " + option,
                    SystemCalls.setOption(number, level, option, arena.allocateFrom(JAVA_INT, values)));
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    private int getInt(int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            getOption(level, option, value, arena);
            return value.get(JAVA_INT, 0);
        }
    }

    private synchronized void getOption(int level, int option, MemorySegment value, Arena arena) {
        try {
            requireOpen();
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            Errno.check("get a socket's option " + option, SystemCalls.getOption(number, level, option, value, length));
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    private void requireOpen() throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    /** Gives the socket up; the caller closes the descriptor. Returns whether it was still open. */
    public synchronized boolean giveUp() {
        if (!open) {
            return false;
        }
        open = false;
        UringFootprint.SOCKETS.decrementAndGet();
        return true;
    }

    /** Closes a socket that no ring has an operation of. */
    public void close() {
        if (giveUp()) {
            SystemCalls.close(number);
        }
    }
}
