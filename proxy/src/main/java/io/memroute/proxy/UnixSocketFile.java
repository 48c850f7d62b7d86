package io.memroute.proxy;

import io.memroute.proxy.text.SystemError;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a UNIX socket that this process listens on. It replaces nothing but a socket that nobody listens on any
 * more. At no moment does it admit more users than its mode says. It is removed only while it is the file that was made
 * here: its device and inode are remembered.
 *
 * <p>Netty's channels for UNIX sockets remove whatever has their name when they are closed. {@link KeptAddress} keeps
 * the native ones from that. NIO's cannot be kept from it: with {@code --transport nio} a file that another program has
 * put in the place of a socket in use is removed with it. Another memroute does not do that.
 */
public final class UnixSocketFile {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /**
     * A listener does not answer between bind and listen, which follow each other at once, so a refused connection is
     * tried once more.
     */
    private static final Duration ASK_AGAIN = Duration.ofMillis(50);

    /** Binds the socket to the path. */
    @FunctionalInterface
    public interface Binding {
        void bind() throws IOException;
    }

    /** The files that have not been removed; an exit of the JVM, during a start for example, removes them. */
    private static final Set<UnixSocketFile> PRESENT = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> PRESENT.forEach(UnixSocketFile::remove), "memroute-sockets"));
    }

    private final Path path;
    private final Object key;

    private UnixSocketFile(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Binds a socket to a path where nothing is, or a socket that is no longer listened on.
     *
     * @param mode the permissions of the file, such as octal 700
     * @throws IOException if something else is there, which stays untouched, or if the binding fails
     */
    public static UnixSocketFile bind(Path path, int mode, Binding binding) throws IOException {
        Optional<Object> stale = staleSocket(path);
        if (stale.isPresent()) {
            LockSupport.parkNanos(ASK_AGAIN.toNanos());
            if (staleSocket(path).equals(stale)) {
                removeStale(path, stale.get());
            }
        }
        Umask.during(mode, binding::bind);
        UnixSocketFile file = new UnixSocketFile(path, attributes(path).fileKey());
        PRESENT.add(file);
        // The mode may ask for more than the system gives a new socket.
        Files.setPosixFilePermissions(path, permissions(mode));
        return file;
    }

    /**
     * Takes over the file of a socket that another process has made; this one removes it at the end.
     *
     * @throws IOException if there is none
     */
    public static UnixSocketFile adopt(Path path) throws IOException {
        UnixSocketFile file = new UnixSocketFile(path, attributes(path).fileKey());
        PRESENT.add(file);
        return file;
    }

    /** Leaves the file to another process that listens on the socket. */
    public void leave() {
        PRESENT.remove(this);
    }

    /** The key of a socket that nobody listens on; empty if there is no file. */
    private static Optional<Object> staleSocket(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = attributes(path);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // A symbolic link is something else, too: its target belongs to its maker.
        int type = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & S_IFMT;
        if (type != S_IFSOCK) {
            throw new IOException("a file of that name exists and is not a socket");
        }
        try (SocketChannel asked = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Non-blocking: the queue of a listener that hangs may be full, which is an error of its own.
            asked.configureBlocking(false);
            asked.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            return Optional.of(attributes.fileKey());
        } catch (IOException e) {
            throw new IOException("cannot tell whether another process listens there: " + SystemError.text(e), e);
        }
        throw new IOException("another process listens there");
    }

    // The type of a file in its mode, alike on every POSIX system (sys/stat.h).
    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;

    /** Removes a socket, unless another process has put its own there in this moment. */
    private static void removeStale(Path path, Object key) throws IOException {
        Path aside = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        if (!attributes(aside).fileKey().equals(key)) {
            Files.createLink(path, aside);
            Files.delete(aside);
            throw new IOException("another process listens there");
        }
        Files.delete(aside);
    }

    /**
     * Removes the file, unless another has taken its place. Call it before the socket is closed, while no other file
     * can get its inode.
     */
    public void remove() {
        if (!PRESENT.remove(this)) {
            return;
        }
        try {
            if (attributes(path).fileKey().equals(key)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody has tidied up.
        } catch (IOException e) {
            LOG.warn("cannot remove the socket {}: {}", path, SystemError.text(e));
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        // From OWNER_READ, bit 8, to OTHERS_EXECUTE, bit 0: the order of the constants.
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode >> 8 - permission.ordinal() & 1) == 1) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    /** A path that a native channel binds to, and does not find any more when it wants to remove it. */
    public static final class KeptAddress extends DomainSocketAddress {

        private static final long serialVersionUID = 1L;

        private volatile boolean bound;

        public KeptAddress(Path path) {
            super(path.toString());
        }

        /** Notes that the channel has bound to it. */
        public void bound() {
            bound = true;
        }

        @Override
        public String path() {
            return bound ? "" : super.path();
        }

        @Override
        public String toString() {
            return super.path();
        }
    }
}
