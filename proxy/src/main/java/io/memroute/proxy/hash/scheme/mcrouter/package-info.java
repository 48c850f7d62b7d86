/**
 * mcrouter's hashes, from its {@code hash_func} names to servers: {@code lib/Ch3HashFunc.h} and its neighbours. This
 * package must not know more than {@link io.memroute.proxy.hash} does, nor other schemes.
 */
@NullMarked
package io.memroute.proxy.hash.scheme.mcrouter;

import org.jspecify.annotations.NullMarked;
