package io.memroute.proxy.backend.connect;

import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of one backend's host, one for each attempt to connect; the attempts go through all of them.
 * Owned by the worker's thread.
 */
public final class AddressLookup {

    /** Receives the outcome of a look-up. */
    public interface Outcome {
        void found(InetAddress address);

        /** @param failure that the name has no address, or was not resolved within the connect timeout */
        void failed(BackendFailure failure);
    }

    private final BackendSpec spec;
    private final EventLoop loop;
    private final Outcome outcome;
    /** The look-up that is waited for, if one is. */
    private @Nullable Object present;

    private int attempts;

    public AddressLookup(BackendSpec spec, EventLoop loop, Outcome outcome) {
        this.spec = spec;
        this.loop = loop;
        this.outcome = outcome;
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
        HostResolver.SYSTEM.resolve(spec.host(), loop, addresses -> resolved(lookup, addresses));
        loop.schedule(
                () -> {
                    if (lookup == present) {
                        outcome.failed(BackendFailure.RESOLVING_TIMEOUT);
                    }
                },
                spec.connectTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Forgets the look-up that is under way. */
    public void cancel() {
        present = null;
    }

    /** Has the next attempts begin with the first address again: a connection has been made. */
    public void restart() {
        attempts = 0;
    }

    private void resolved(Object lookup, InetAddress[] addresses) {
        if (lookup != present) {
            return;
        }
        present = null;
        if (addresses.length == 0) {
            outcome.failed(BackendFailure.RESOLVING);
        } else {
            outcome.found(addresses[attempts++ % addresses.length]);
        }
    }
}
