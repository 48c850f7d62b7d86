package io.memroute.proxy;

import io.memroute.proxy.client.Listeners;
import io.memroute.proxy.client.accept.ClientTaker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in which a server ends that is asked to: it serves on for the delay, so that balancers see that it is not
 * ready any more; then it accepts nobody, and answers what clients have sent. Used on one thread that may wait.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private final Duration delay;
    private final Duration timeout;
    private final Listeners listeners;
    private final CountDownLatch closed;
    private final Optional<ClientTaker> taker;

    /**
     * @param delay the time to serve on first
     * @param taker the process that takes over the clients; empty if there is none
     * @param closed tells that the server has been closed: everything that waits ends
     */
    Drain(
            ServerOptions options,
            Duration delay,
            Listeners listeners,
            Optional<ClientTaker> taker,
            CountDownLatch closed) {
        this.delay = delay;
        this.timeout = options.drainTimeout();
        this.listeners = listeners;
        this.closed = closed;
        this.taker = taker;
    }

    /** Returns when every client has been answered, the time is up, or the server has been closed. */
    void run() {
        if (!delay.isZero()) {
            LOG.info("shutting down: no longer ready; still serving for {} s (--drain-delay)", delay.toSeconds());
            if (isClosedWithin(delay)) {
                return;
            }
        }
        listeners.finishAccepting();
        LOG.info(
                "shutting down: listeners closed; requests in progress have {} s to finish (--drain-timeout)",
                timeout.toSeconds());
        if (timeout.isZero()) {
            return;
        }
        int left = listeners.drain(timeout, taker);
        taker.ifPresent(ClientTaker::finish);
        if (left > 0) {
            LOG.warn(
                    "{} client connection{} still open after {} s (--drain-timeout); closing",
                    left,
                    left == 1 ? "" : "s",
                    timeout.toSeconds());
        }
    }

    private boolean isClosedWithin(Duration time) {
        try {
            return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
