/**
 * Hash functions over the bytes of keys, as other proxies and clients compute them.
 *
 * <p>Each reads a key where it lies and allocates nothing. Results that are 32 bits wide come as longs from 0 to
 * 2^32-1. This package must not know servers, keys or configurations: bytes go in, numbers come out.
 */
@NullMarked
package io.memroute.proxy.hash.function;

import org.jspecify.annotations.NullMarked;
