package io.memroute.proxy.backend;

import io.memroute.proxy.backend.connect.BackendTls;
import io.memroute.proxy.backend.events.BackendEvents;
import java.time.Duration;

/**
 * The objects that the connections to backends of all workers share.
 *
 * @param events is told of failures
 * @param tls makes the TLS of connections to backends that want it
 * @param markInterval how often a mark checks that a connection is in step, at most
 */
public record BackendContext(BackendEvents events, BackendTls tls, Duration markInterval) {}
