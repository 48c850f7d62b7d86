/**
 * The yardstick: the least that a proxy on Netty can do. It passes the bytes of every client through one backend
 * connection and the replies back, on one event loop, and does nothing else: no routes, no keys, no errors, no limits.
 *
 * <p>What memroute's proxy needs beyond this is the price of what it does. It shares no code with the proxy on purpose.
 */
@NullMarked
package io.memroute.bench.forwarder;

import org.jspecify.annotations.NullMarked;
