package io.memroute.proxy.backend.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.text.SystemError;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the events of backends to the log. Shared by all workers, each of which has connections of its own: a backend
 * that goes or comes back is one line, however many connections notice.
 */
public final class LoggedBackendEvents implements BackendEvents {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.backend");

    /** The least time between two lines about lost connections to one backend; the others are logged at debug level. */
    private static final long QUIET_NANOS = 1_000_000_000L;

    /** The longest part shown of what a server sent: an error line. */
    private static final int MOST_SHOWN = 100;

    private static final class Seen {
        private final AtomicInteger badConnections = new AtomicInteger();
        private final AtomicLong lastLostNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);
    }

    private final Map<BackendSpec, Seen> seen = new ConcurrentHashMap<>();

    private Seen seen(BackendSpec backend) {
        return seen.computeIfAbsent(backend, added -> new Seen());
    }

    @Override
    public void connectionFailed(
            BackendSpec backend, BackendFailure failure, @Nullable Throwable cause, int callsFailed, byte[] unread) {
        AtomicLong last = seen(backend).lastLostNanos;
        long before = last.get();
        long now = System.nanoTime();
        boolean quiet = now - before < QUIET_NANOS || !last.compareAndSet(before, now);
        LOG.atLevel(quiet ? Level.DEBUG : Level.WARN)
                .log(
                        "backend {}: no connection ({}): {}{}; {} requests failed",
                        shown(backend),
                        failure.word(),
                        reason(failure, cause),
                        sent(unread),
                        callsFailed);
    }

    /** The reason as a person would say it: "connection refused" needs no introduction. */
    private static String reason(BackendFailure failure, @Nullable Throwable cause) {
        if (cause == null) {
            return failure.meaning();
        }
        String text = SystemError.text(cause);
        return failure == BackendFailure.CONNECTING ? text : failure.meaning() + ": " + text;
    }

    /** The label and the address, which is the label unless the configuration gives one. */
    private static String shown(BackendSpec backend) {
        boolean named = !backend.label().equals(backend.address());
        return Shown.text(named ? backend.label() + " (" + backend.address() + ")" : backend.label());
    }

    /** The bytes it sent instead of the expected ones, which often say what is wrong with it. */
    private static String sent(byte[] unread) {
        String text = new String(unread, ISO_8859_1).stripTrailing();
        return text.isEmpty() ? "" : ", \"" + Shown.bytes(text.getBytes(ISO_8859_1), MOST_SHOWN) + "\"";
    }

    @Override
    public void markedBad(BackendSpec backend, boolean flapping, long retrySeconds) {
        if (seen(backend).badConnections.getAndIncrement() == 0) {
            LOG.warn(
                    "backend {}: marked bad{}; requests to it fail at once, next attempt in {} s",
                    shown(backend),
                    flapping ? " because its connections do not last" : "",
                    retrySeconds);
        }
    }

    @Override
    public void recovered(BackendSpec backend) {
        if (seen(backend).badConnections.decrementAndGet() == 0) {
            LOG.info("backend {}: answers again", shown(backend));
        }
    }

    @Override
    public void forgotten(BackendSpec backend, int badConnections) {
        if (badConnections > 0) {
            seen(backend).badConnections.addAndGet(-badConnections);
        }
        seen.computeIfPresent(backend, (spec, known) -> known.badConnections.get() <= 0 ? null : known);
    }
}
