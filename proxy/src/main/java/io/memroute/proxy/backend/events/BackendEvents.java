package io.memroute.proxy.backend.events;

import io.memroute.proxy.config.BackendSpec;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of backend connections. Called on the worker's thread; must not block.
 *
 * @see "docs/reference/proxy-api.md section 7.5"
 */
public interface BackendEvents {

    /**
     * Takes note that a connection was lost, or could not be made; everything outstanding on it has failed.
     *
     * @param cause the error of the system, if there is one
     * @param callsFailed requests that were queued or outstanding
     * @param unread the first bytes received that no reply could be made of
     */
    void connectionFailed(
            BackendSpec backend, BackendFailure failure, @Nullable Throwable cause, int callsFailed, byte[] unread);

    /**
     * Takes note that a connection failed too often and is left alone for a while; requests to it fail at once.
     *
     * @param flapping whether it is because connections do not last, rather than because they cannot be made
     * @param retrySeconds when the next attempt is made
     */
    void markedBad(BackendSpec backend, boolean flapping, long retrySeconds);

    /** Takes note that a connection that was marked bad answers again. */
    void recovered(BackendSpec backend);

    /**
     * Takes note that a worker has given up its connections to a backend that no configuration uses any more.
     *
     * @param badConnections how many of them were marked bad
     */
    void forgotten(BackendSpec backend, int badConnections);
}
