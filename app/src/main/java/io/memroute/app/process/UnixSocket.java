package io.memroute.app.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A UNIX socket that can do what the JDK's cannot: datagrams, names that are no files, file descriptors that travel,
 * and the identity of the peer. Calls wait. Linux, 64 bits. For one thread at a time, except for {@link #close()}.
 */
public final class UnixSocket implements AutoCloseable {

    /** The most descriptors that one message carries: a listener each. */
    public static final int MOST_DESCRIPTORS = 200;

    /** Longer than any message that is sent here. */
    private static final int MOST_BYTES = 64 << 10;

    private static final int AF_UNIX = 1;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SHUT_RD = 0;
    private static final int SHUT_RDWR = 2;

    private static final int EAGAIN = 11;
    private static final int ECONNRESET = 104;

    /** {@code sun_path}, with the byte 0 at its end. */
    private static final int PATH_BYTES = 108;

    // struct msghdr and struct cmsghdr of 64-bit Linux.
    private static final int MESSAGE_BYTES = 56;
    private static final int MESSAGE_PARTS = 16;
    private static final int MESSAGE_PART_COUNT = 24;
    private static final int MESSAGE_CONTROL = 32;
    private static final int MESSAGE_CONTROL_LENGTH = 40;
    private static final int CONTROL_HEADER_BYTES = 16;

    /** The kinds of UNIX sockets that are used here. */
    public enum Kind {
        DATAGRAM(2),
        /** Connections that keep the borders of messages. */
        PACKETS(5);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /**
     * A message that has arrived.
     *
     * @param text empty if the peer has closed the connection
     * @param descriptors that came with it, which are this process's from now on
     */
    public record Message(String text, List<Integer> descriptors) {}

    /** The process at the other end when it connected, as the kernel tells. */
    public record Peer(long process, int user) {}

    private final int descriptor;
    private boolean closed;

    private UnixSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether this system has such sockets. */
    public static boolean isAvailable() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** The user that this process is. */
    public static int ownUser() throws IOException {
        return Posix.effectiveUserId();
    }

    public static UnixSocket open(Kind kind) throws IOException {
        return new UnixSocket(Posix.call("socket", AF_UNIX, kind.number | CLOSE_ON_EXEC, 0));
    }

    /**
     * Listens for connections.
     *
     * @param name a path, or a name that is no file, with {@code @} for its first byte
     */
    public void listen(String name) throws IOException {
        withAddress("bind", name);
        Posix.call("listen", descriptor, 8);
    }

    /** @param name as for {@link #listen} */
    public void connect(String name) throws IOException {
        withAddress("connect", name);
    }

    private void withAddress(String function, String name) throws IOException {
        byte[] path = name.getBytes(UTF_8);
        if (path.length == 0 || path.length >= PATH_BYTES) {
            throw new IOException("\"" + name + "\" has " + path.length + " bytes; expected 1 to " + (PATH_BYTES - 1));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Short.BYTES + PATH_BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, JAVA_BYTE, Short.BYTES, path.length);
            int bytes = Short.BYTES + path.length;
            if (path[0] == '@') {
                address.set(JAVA_BYTE, Short.BYTES, (byte) 0);
            } else {
                bytes++;
            }
            Posix.call(function, descriptor, address.address(), bytes);
        }
    }

    /** Waits for a connection. */
    public UnixSocket accept() throws IOException {
        return new UnixSocket(Posix.call("accept4", descriptor, 0, 0, CLOSE_ON_EXEC));
    }

    /** Bounds every wait for a message, or for room to send one. */
    public void setTimeout(Duration timeout) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocateFrom(JAVA_LONG, timeout.toSeconds(), timeout.toNanosPart() / 1000L);
            for (int option : new int[] {SO_RCVTIMEO, SO_SNDTIMEO}) {
                Posix.call("setsockopt", descriptor, SOL_SOCKET, option, time.address(), time.byteSize());
            }
        }
    }

    /** The process that has connected, or listens. */
    public Peer peer() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            // struct ucred: pid, uid, gid.
            MemorySegment peer = arena.allocate(JAVA_INT, 3);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) peer.byteSize());
            Posix.call("getsockopt", descriptor, SOL_SOCKET, SO_PEERCRED, peer.address(), length.address());
            return new Peer(peer.getAtIndex(JAVA_INT, 0), peer.getAtIndex(JAVA_INT, 1));
        }
    }

    /** Sends a message; the peer gets descriptors of its own for the same files. */
    public void send(String text, List<Integer> descriptors) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(UTF_8);
            MemorySegment content = arena.allocateFrom(JAVA_BYTE, bytes);
            MemorySegment control = MemorySegment.NULL;
            if (!descriptors.isEmpty()) {
                control = arena.allocate(controlBytes(descriptors.size()), Long.BYTES);
                control.set(JAVA_LONG, 0, CONTROL_HEADER_BYTES + (long) Integer.BYTES * descriptors.size());
                control.set(JAVA_INT, 8, SOL_SOCKET);
                control.set(JAVA_INT, 12, SCM_RIGHTS);
                for (int i = 0; i < descriptors.size(); i++) {
                    control.set(JAVA_INT, CONTROL_HEADER_BYTES + (long) Integer.BYTES * i, descriptors.get(i));
                }
            }
            Posix.call("sendmsg", descriptor, message(content, control, arena).address(), MSG_NOSIGNAL);
        }
    }

    /**
     * Waits for a message.
     *
     * @throws SocketTimeoutException if none came in time
     */
    public Message receive() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(MOST_BYTES);
            MemorySegment control = arena.allocate(controlBytes(MOST_DESCRIPTORS), Long.BYTES);
            MemorySegment message = message(content, control, arena);
            int bytes = Posix.call("recvmsg", descriptor, message.address(), MSG_CMSG_CLOEXEC);
            List<Integer> descriptors = new ArrayList<>();
            if (message.get(JAVA_LONG, MESSAGE_CONTROL_LENGTH) >= CONTROL_HEADER_BYTES
                    && control.get(JAVA_INT, 12) == SCM_RIGHTS) {
                long end = control.get(JAVA_LONG, 0);
                for (long at = CONTROL_HEADER_BYTES; at < end; at += Integer.BYTES) {
                    descriptors.add(control.get(JAVA_INT, at));
                }
            }
            return new Message(new String(content.asSlice(0, bytes).toArray(JAVA_BYTE), UTF_8), descriptors);
        } catch (Posix.CallException e) {
            switch (e.error()) {
                case EAGAIN -> throw new SocketTimeoutException("no message came in time");
                // The peer has ended without reading everything.
                case ECONNRESET -> {
                    return new Message("", List.of());
                }
                default -> throw e;
            }
        }
    }

    /** Has the peer's later messages fail there; those that it has sent can still be received. */
    public void refuseMore() throws IOException {
        Posix.call("shutdown", descriptor, SHUT_RD);
    }

    private static long controlBytes(int descriptors) {
        return CONTROL_HEADER_BYTES + ((long) Integer.BYTES * descriptors + 7) / 8 * 8;
    }

    private static MemorySegment message(MemorySegment content, MemorySegment control, Arena arena) {
        MemorySegment part = arena.allocate(JAVA_LONG, 2);
        part.set(ADDRESS, 0, content);
        part.set(JAVA_LONG, 8, content.byteSize());
        MemorySegment message = arena.allocate(MESSAGE_BYTES, Long.BYTES);
        message.set(ADDRESS, MESSAGE_PARTS, part);
        message.set(JAVA_LONG, MESSAGE_PART_COUNT, 1);
        message.set(ADDRESS, MESSAGE_CONTROL, control);
        message.set(JAVA_LONG, MESSAGE_CONTROL_LENGTH, control.byteSize());
        return message;
    }

    /** Closes it; a thread that waits in a call of it gets an error. Any thread. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Posix.call("shutdown", descriptor, SHUT_RDWR);
        } catch (IOException e) {
            // It was not connected.
        }
        try {
            Posix.call("close", descriptor);
        } catch (IOException e) {
            // Nothing can be done about it.
        }
    }
}
