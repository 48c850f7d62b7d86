/**
 * Making connections to backends: host names, sockets and TLS.
 *
 * <p>It knows nothing of what is sent on them.
 */
package io.memroute.proxy.backend.connect;
