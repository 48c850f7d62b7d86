package io.memroute.proxy.backend.connect;

import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of one backend's host, one for each attempt to connect; the attempts go through all of them.
 * While there is a connection it looks the name up now and then, and tells when it leads elsewhere. Owned by the
 * worker's thread.
 */
public final class AddressLookup {

    /** Receives the outcome of a look-up. */
    public interface Outcome {
        void found(InetAddress address);

        /** @param failure that the name has no address, or was not resolved within the connect timeout */
        void failed(BackendFailure failure);

        /** The name leads to other addresses than the one that was found last, and has for two look-ups. */
        void moved();
    }

    /**
     * Between two look-ups of a name that there is a connection for: as long as names of servers that move usually
     * live. The system's resolver does not tell for how long an answer is good.
     */
    static final Duration PAUSE = Duration.ofSeconds(30);

    /** One answer may be a part of all addresses, in turns. */
    private static final int ANSWERS = 2;

    private final BackendSpec spec;
    private final EventLoop loop;
    private final Outcome outcome;
    private final HostResolver resolver;
    /** The look-up that is waited for, if one is. */
    private @Nullable Object present;
    /** The connection that the name is watched for, if there is one. */
    private @Nullable Object watched;

    private @Nullable InetAddress found;
    private int attempts;
    /** The number of look-ups, the last ones, that did not have the address of the connection. */
    private int without;

    public AddressLookup(BackendSpec spec, EventLoop loop, Outcome outcome) {
        this(spec, loop, outcome, HostResolver.SYSTEM);
    }

    AddressLookup(BackendSpec spec, EventLoop loop, Outcome outcome, HostResolver resolver) {
        this.spec = spec;
        this.loop = loop;
        this.outcome = outcome;
        this.resolver = resolver;
    }

    /** Finds an address, at once if the host is one. */
    public void begin() {
        InetAddress literal = HostResolver.literal(spec.host());
        if (literal != null) {
            outcome.found(literal);
            return;
        }
        Object lookup = new Object();
        present = lookup;
        resolver.resolve(spec.host(), loop, addresses -> resolved(lookup, addresses));
        loop.schedule(
                () -> {
                    if (lookup == present) {
                        outcome.failed(BackendFailure.RESOLVING_TIMEOUT);
                    }
                },
                spec.connectTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Forgets the look-up that is under way, and the connection. */
    public void cancel() {
        present = null;
        watched = null;
    }

    /**
     * Takes note that a connection has been made: the next attempts begin with the first address again, and the name is
     * watched until {@link #cancel}.
     */
    public void connected() {
        attempts = 0;
        without = 0;
        if (found != null) {
            Object connection = new Object();
            watched = connection;
            watch(connection);
        }
    }

    /** All workers look a name up at the same moments, and so share the answer; different names at different ones. */
    private void watch(Object connection) {
        long pause = PAUSE.toNanos();
        long phase = Math.floorMod(System.nanoTime() + spec.host().hashCode() * 1_000_003L, pause);
        loop.schedule(
                () -> {
                    if (connection == watched) {
                        resolver.resolve(spec.host(), loop, addresses -> compare(connection, addresses));
                    }
                },
                pause - phase,
                TimeUnit.NANOSECONDS);
    }

    private void compare(Object connection, InetAddress[] addresses) {
        if (connection != watched) {
            return;
        }
        // No answer says nothing: the server goes on where it is.
        without = addresses.length == 0 || Arrays.asList(addresses).contains(found) ? 0 : without + 1;
        if (without == ANSWERS) {
            watched = null;
            outcome.moved();
        } else {
            watch(connection);
        }
    }

    private void resolved(Object lookup, InetAddress[] addresses) {
        if (lookup != present) {
            return;
        }
        present = null;
        if (addresses.length == 0) {
            outcome.failed(BackendFailure.RESOLVING);
        } else {
            found = addresses[attempts++ % addresses.length];
            outcome.found(found);
        }
    }
}
