/**
 * Picks one of a pool's backends for a key: filters, key hashes and distributions, bit-exact with memcached's proxy
 * (its {@code proxy_xxhash.c}, {@code proxy_jump_hash.c} and {@code proxy_ring_hash.c}), or as a
 * {@link io.memroute.proxy.hash.Scheme} of another proxy or a client says.
 *
 * <p>{@link io.memroute.proxy.hash.KeySelection} is the data an operator configured; a
 * {@link io.memroute.proxy.hash.KeyDistributor} is built from it once per pool and then asked for every request. This
 * package knows servers only as host and port texts and keys only as bytes: nothing of connections, health, pools'
 * names or Lua. A backend that is down keeps its place, so no key ever moves because a server failed.
 */
@NullMarked
package io.memroute.proxy.hash;

import org.jspecify.annotations.NullMarked;
