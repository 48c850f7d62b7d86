/**
 * Backends as one worker sees them: their connections, their health, and the pools that pick one for a key.
 *
 * <p>A {@link io.memroute.proxy.call.Call} goes in with a request and gets exactly one reply, whatever happens to the
 * connection. This package must not know clients, routes or where a configuration comes from.
 */
@NullMarked
package io.memroute.proxy.backend;

import org.jspecify.annotations.NullMarked;
