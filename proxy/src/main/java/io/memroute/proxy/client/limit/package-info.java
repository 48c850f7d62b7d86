/**
 * Limits on requests under way: how many of one client, how many of a worker. This package must not know connections or
 * any other part of the proxy: counts and lengths go in, verdicts come out.
 */
@NullMarked
package io.memroute.proxy.client.limit;

import org.jspecify.annotations.NullMarked;
