/**
 * Accepting clients: the terms of a listener, sockets that come from another process or go to one, the header that a
 * load balancer sends first, and the moments when accepting goes otherwise than usual, without descriptors and at the
 * end. This package must not know connections or requests.
 */
@NullMarked
package io.memroute.proxy.client.accept;

import org.jspecify.annotations.NullMarked;
