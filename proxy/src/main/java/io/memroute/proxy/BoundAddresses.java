package io.memroute.proxy;

import io.memroute.proxy.client.Entrance;
import io.memroute.proxy.client.Listeners;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
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
        for (ListenerSpec spec : options.listeners()) {
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
            return listeners.bind(
                    transport.serverChannel(spec.address()),
                    address,
                    new Entrance(
                            spec.protocol() == ListenerSpec.Protocol.PROXY ? spec.tag() : null,
                            spec.tls(),
                            spec.anonymous()),
                    tcp);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static IOException cannotListen(ListenerSpec spec, IOException reason) {
        return new IOException(
                "cannot listen on " + SystemError.readable(spec.address()) + ": " + SystemError.text(reason), reason);
    }
}
