/**
 * Making connections to backends: host names, sockets and TLS.
 *
 * <p>It knows nothing of what is sent on them.
 */
@NullMarked
package io.memroute.proxy.backend.connect;

import org.jspecify.annotations.NullMarked;
