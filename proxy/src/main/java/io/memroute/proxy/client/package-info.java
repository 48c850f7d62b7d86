/**
 * Client connections: listeners, reading requests, giving them to routes, and writing the replies in order.
 *
 * <p>It knows routes only as something that answers a {@link io.memroute.proxy.call.Call}, and backends not at all.
 */
@NullMarked
package io.memroute.proxy.client;

import org.jspecify.annotations.NullMarked;
