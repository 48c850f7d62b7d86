package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;

/**
 * Sockets that another process has made and handed to this one, or is handed, by their descriptors. Linux on the
 * architectures of {@link SystemCalls}. Thread safe.
 */
public final class SocketDescriptor {

    private static final int LEVEL_SOCKET = 1;
    private static final int TYPE = 3;
    private static final int ACCEPTS_CONNECTIONS = 30;
    private static final int STREAM = 1;

    private static final int GET_FLAGS = 3;
    private static final int SET_FLAGS = 4;
    private static final int DUPLICATE_CLOSE_ON_EXEC = 1030;
    private static final int NON_BLOCKING = 0x800;

    private SocketDescriptor() {}

    /**
     * Returns the address of a listening socket.
     *
     * @throws IOException if the descriptor is none of a stream socket that listens
     */
    public static SocketAddress listeningAddress(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            if (option(descriptor, TYPE, arena) != STREAM || option(descriptor, ACCEPTS_CONNECTIONS, arena) == 0) {
                throw new IOException("descriptor " + descriptor + ": expected a stream socket that listens");
            }
        }
        return localAddress(descriptor);
    }

    /**
     * Returns the address of this end of a socket.
     *
     * @throws IOException if it has none of TCP or UNIX
     */
    public static SocketAddress localAddress(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(SocketAddresses.MOST_BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SocketAddresses.MOST_BYTES);
            Errno.check("the address of descriptor " + descriptor, SystemCalls.name(descriptor, false, bytes, length));
            long written = Math.min(length.get(JAVA_INT, 0), SocketAddresses.MOST_BYTES);
            SocketAddress address =
                    SocketAddresses.decode(bytes.asSlice(0, written).toArray(JAVA_BYTE));
            if (address == null) {
                throw new IOException("descriptor " + descriptor + ": expected a TCP or UNIX socket");
            }
            return address;
        }
    }

    private static int option(int descriptor, int option, Arena arena) throws IOException {
        MemorySegment value = arena.allocate(JAVA_INT);
        MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
        Errno.check("descriptor " + descriptor, SystemCalls.getOption(descriptor, LEVEL_SOCKET, option, value, length));
        return value.get(JAVA_INT, 0);
    }

    /**
     * Has calls return at once if there is nothing to accept or to read, or wait. epoll needs the one and a ring the
     * other, and all processes that share the socket share this: only the one that uses it may set it.
     */
    public static void setNonBlocking(int descriptor, boolean nonBlocking) throws IOException {
        int flags = Errno.check("descriptor " + descriptor, SystemCalls.control(descriptor, GET_FLAGS, 0));
        int wanted = nonBlocking ? flags | NON_BLOCKING : flags & ~NON_BLOCKING;
        if (wanted != flags) {
            Errno.check("descriptor " + descriptor, SystemCalls.control(descriptor, SET_FLAGS, wanted));
        }
    }

    /** Returns another descriptor for the same socket, which stays open when the first one is closed. */
    public static int duplicate(int descriptor) throws IOException {
        return Errno.check("descriptor " + descriptor, SystemCalls.control(descriptor, DUPLICATE_CLOSE_ON_EXEC, 0));
    }

    /** Closes this process's descriptor; the socket stays open as long as another has one. */
    public static void close(int descriptor) {
        SystemCalls.close(descriptor);
    }
}
