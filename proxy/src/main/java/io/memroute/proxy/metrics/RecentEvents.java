package io.memroute.proxy.metrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.proxy.backend.events.BackendEvents;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.text.SystemError;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last {@value #KEPT} events of backends, and tells another. Shared by all workers, which come here only
 * when a connection has failed or recovered. Thread safe.
 */
public final class RecentEvents implements BackendEvents {

    /** A screen or two: what led to the present state. */
    private static final int KEPT = 200;

    /** Bounds what is kept of a server's bytes: an error line. */
    private static final int MOST_SENT_BYTES = 100;

    /**
     * Something that happened to a connection to a backend.
     *
     * @param event the word of memcached's event log, or {@code recovered}
     * @param detail for people; may be empty
     */
    public record Event(Instant time, String backend, String event, String detail) {}

    /**
     * The events since a moment.
     *
     * @param count how many there have been in all
     * @param events the newest first; as far as they are remembered
     */
    public record Since(long count, List<Event> events) {}

    private final BackendEvents next;
    private final Deque<Event> events = new ArrayDeque<>();
    private long count;

    /** @param next is told everything as well */
    public RecentEvents(BackendEvents next) {
        this.next = next;
    }

    /** The newest first. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** @param known how many there had been when somebody asked last; 0 for all that are remembered */
    public synchronized Since since(long known) {
        return new Since(
                count, events.stream().limit(Math.max(0, count - known)).toList());
    }

    private synchronized void add(BackendSpec backend, String event, String detail) {
        count++;
        events.addFirst(new Event(Instant.now(), backend.label(), event, detail));
        if (events.size() > KEPT) {
            events.removeLast();
        }
    }

    @Override
    public void connectionFailed(
            BackendSpec backend, BackendFailure failure, @Nullable Throwable cause, int callsFailed, byte[] unread) {
        StringBuilder detail = new StringBuilder(failure.meaning());
        if (cause != null) {
            detail.append(": ").append(SystemError.text(cause));
        }
        if (unread.length > 0) {
            detail.append(", \"")
                    .append(new String(unread, 0, Math.min(unread.length, MOST_SENT_BYTES), ISO_8859_1).stripTrailing())
                    .append('"');
        }
        add(
                backend,
                failure.word(),
                detail.append("; ")
                        .append(callsFailed)
                        .append(" requests failed")
                        .toString());
        next.connectionFailed(backend, failure, cause, callsFailed, unread);
    }

    @Override
    public void markedBad(BackendSpec backend, boolean flapping, long retrySeconds) {
        add(backend, flapping ? "markedbadflap" : "markedbad", "next attempt in " + retrySeconds + " s");
        next.markedBad(backend, flapping, retrySeconds);
    }

    @Override
    public void recovered(BackendSpec backend) {
        add(backend, "recovered", "a connection answers again");
        next.recovered(backend);
    }

    @Override
    public void forgotten(BackendSpec backend, int badConnections) {
        next.forgotten(backend, badConnections);
    }
}
