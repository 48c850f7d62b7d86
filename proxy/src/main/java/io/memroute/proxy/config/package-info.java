/**
 * The model of a configuration: typed and immutable, with {@link io.memroute.proxy.config.ProxyConfig} at its head.
 *
 * <p>Whatever is in the model has been checked as a whole and has its defaults filled in: every limit is in range,
 * every unit is in a type, every child is the pool it names. So nothing downstream validates, and two models are
 * compared with {@code equals}: a backend whose {@link io.memroute.proxy.config.BackendSpec} is equal in both keeps its
 * connections.
 *
 * <p>Nothing here runs per request or opens a socket. The model must not know handlers: what a route does is theirs to
 * say.
 */
@NullMarked
package io.memroute.proxy.config;

import org.jspecify.annotations.NullMarked;
