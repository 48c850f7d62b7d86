/**
 * An embedded memcached-compatible cache: every storage command of both text protocols, from a parsed request and its
 * value to the bytes of the reply, on a cache bounded in bytes.
 *
 * <p>The entry is {@link io.memroute.store.Store}. It is shared by all threads and atomic per key. It knows no
 * connections: who calls it reads the request, waits for its value, and sends or drops the reply.
 */
@NullMarked
package io.memroute.store;

import org.jspecify.annotations.NullMarked;
