package io.memroute.proxy;

import io.memroute.proxy.client.Listeners;
import io.memroute.proxy.client.accept.Entrance;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The addresses that a server listens on, and the files of those that are UNIX sockets. Used by one thread at a time.
 */
final class BoundAddresses {

    /** io_uring frees the listening socket of a killed process a little later than the process ends. */
    private static final int BIND_ATTEMPTS = 6;

    private static final long BIND_PAUSE_MILLIS = 50;

    private final ServerOptions options;
    private final Transport transport;
    private final Listeners listeners;
    private final List<SocketAddress> addresses = new ArrayList<>();
    private final List<UnixSocketFile> socketFiles = new ArrayList<>();
    private final List<GivenSocket> adopted = new ArrayList<>();

    BoundAddresses(ServerOptions options, Transport transport, Listeners listeners) {
        this.options = options;
        this.transport = transport;
        this.listeners = listeners;
    }

    /** The addresses, in the order of the options' listeners, with the ports that the system chose. */
    List<SocketAddress> all() {
        return List.copyOf(addresses);
    }

    /** Removes the files of UNIX sockets; call it before the sockets are closed. */
    void removeSocketFiles() {
        socketFiles.forEach(UnixSocketFile::remove);
    }

    /**
     * Listens on every address of the options.
     *
     * @throws IOException naming the address that cannot be listened on
     */
    void bind() throws IOException {
        List<GivenSocket> given = new ArrayList<>(options.given());
        try {
            for (ListenerSpec spec : options.listeners()) {
                Optional<GivenSocket> socket = given.stream()
                        .filter(each -> each.serves(spec.address()))
                        .findFirst();
                if (socket.isPresent()) {
                    given.remove(socket.get());
                    adopt(spec, socket.get());
                } else {
                    bindAnew(spec);
                }
            }
        } finally {
            given.forEach(GivenSocket::close);
        }
    }

    /**
     * Prepares sockets that another process has made; it must not accept on them any more.
     *
     * @throws IOException if the system refuses
     */
    void prepareAccepting() throws IOException {
        for (GivenSocket socket : adopted) {
            transport.prepare(socket.descriptor());
        }
    }

    /**
     * Takes over the files of UNIX sockets that another process has made, and will not remove any more.
     *
     * @throws IOException if one is gone; the others are taken over
     */
    void ownSocketFiles() throws IOException {
        IOException missing = null;
        for (GivenSocket socket : adopted) {
            if (socket.removesFile() && socket.address() instanceof UnixDomainSocketAddress unix) {
                try {
                    socketFiles.add(UnixSocketFile.adopt(unix.getPath()));
                } catch (IOException e) {
                    missing = e;
                }
            }
        }
        if (missing != null) {
            throw missing;
        }
    }

    /** Leaves the files of UNIX sockets to another process. */
    void leaveSocketFiles() {
        socketFiles.forEach(UnixSocketFile::leave);
    }

    /** Whether the file of a UNIX socket, if it is one, is this server's to remove. */
    boolean ownsFile(int descriptor) {
        return adopted.stream().noneMatch(socket -> socket.descriptor() == descriptor && !socket.removesFile());
    }

    private void adopt(ListenerSpec spec, GivenSocket socket) throws IOException {
        try {
            listeners.adopt(transport.serverChannel(socket), socket.address(), entrance(spec), tcp(spec));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw cannotListen(spec, e);
        } catch (Exception e) {
            throw new IOException(e);
        }
        adopted.add(socket);
        addresses.add(socket.address());
    }

    private void bindAnew(ListenerSpec spec) throws IOException {
        if (spec.address() instanceof UnixDomainSocketAddress unix) {
            try {
                socketFiles.add(
                        UnixSocketFile.bind(unix.getPath(), options.unixSocketMask(), () -> bindUnix(spec, unix)));
            } catch (IOException e) {
                throw cannotListen(spec, e);
            }
            addresses.add(unix);
        } else {
            addresses.add(bindTcp(spec));
        }
    }

    private void bindUnix(ListenerSpec spec, UnixDomainSocketAddress unix) throws IOException {
        UnixSocketFile.KeptAddress kept = new UnixSocketFile.KeptAddress(unix.getPath());
        bind(spec, transport.takesJdkUnixAddresses() ? unix : kept, false);
        kept.bound();
    }

    /**
     * Listens on one address; one that is in use is tried again for a moment, since a server that just ended may still
     * hold it.
     */
    private SocketAddress bindTcp(ListenerSpec spec) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return bind(spec, spec.address(), true);
            } catch (IOException e) {
                if (!(e instanceof BindException) || attempt == BIND_ATTEMPTS) {
                    throw cannotListen(spec, e);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BIND_PAUSE_MILLIS));
        }
    }

    private SocketAddress bind(ListenerSpec spec, SocketAddress address, boolean tcp) throws IOException {
        try {
            return listeners.bind(transport.serverChannel(spec.address()), address, entrance(spec), tcp);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static Entrance entrance(ListenerSpec spec) {
        return new Entrance(
                spec.protocol() == ListenerSpec.Protocol.PROXY ? spec.tag() : null,
                spec.tls(),
                spec.proxied(),
                spec.anonymous());
    }

    private static boolean tcp(ListenerSpec spec) {
        return !(spec.address() instanceof UnixDomainSocketAddress);
    }

    private static IOException cannotListen(ListenerSpec spec, IOException reason) {
        return new IOException(
                "cannot listen on " + SystemError.readable(spec.address()) + ": " + SystemError.text(reason), reason);
    }
}
