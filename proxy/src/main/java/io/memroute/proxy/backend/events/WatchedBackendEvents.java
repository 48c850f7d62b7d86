package io.memroute.proxy.backend.events;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.log.LogLine;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of backends to the watchers of the stream {@code proxyevents}, in memcached's words, and passes
 * them on. Shared by all workers.
 *
 * @see "docs/reference/proxy-api.md section 7.5"
 */
public final class WatchedBackendEvents implements BackendEvents {

    private final LogStreams streams;
    private final BackendEvents next;

    /** @param next is told everything as well */
    public WatchedBackendEvents(LogStreams streams, BackendEvents next) {
        this.streams = streams;
        this.next = next;
    }

    @Override
    public void connectionFailed(
            BackendSpec backend, BackendFailure failure, @Nullable Throwable cause, int callsFailed, byte[] unread) {
        if (streams.watched(LogStream.PROXYEVENTS)) {
            streams.write(
                    LogStream.PROXYEVENTS,
                    line(backend, failure.word()).add("depth", callsFailed).addEncoded("rbuf", unread));
        }
        next.connectionFailed(backend, failure, cause, callsFailed, unread);
    }

    @Override
    public void markedBad(BackendSpec backend, boolean flapping, long retrySeconds) {
        if (streams.watched(LogStream.PROXYEVENTS)) {
            streams.write(
                    LogStream.PROXYEVENTS,
                    line(backend, flapping ? "markedbadflap" : "markedbad").add("retry", retrySeconds));
        }
        next.markedBad(backend, flapping, retrySeconds);
    }

    private LogLine line(BackendSpec backend, String word) {
        return streams.line("proxy_backend")
                .add("error", word)
                .add("name", backend.host())
                .add("port", backend.port())
                .add("label", backend.label());
    }

    @Override
    public void recovered(BackendSpec backend) {
        next.recovered(backend);
    }

    @Override
    public void forgotten(BackendSpec backend, int badConnections) {
        next.forgotten(backend, badConnections);
    }
}
