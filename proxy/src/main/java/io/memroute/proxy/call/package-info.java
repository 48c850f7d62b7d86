/**
 * Calls: one request on its way to its answer, and what is needed to make one for another.
 *
 * <p>{@link io.memroute.proxy.call.Call} is what routes, backends, clients and scripts give each other. Three kinds are
 * made for another: a {@link io.memroute.proxy.call.PassedCall} ends with the call it was made for, a
 * {@link io.memroute.proxy.call.HeldCall} may outlive it, and either may carry an
 * {@link io.memroute.proxy.call.OwnRequest} in place of the client's. Nothing here allocates once it has been in use.
 *
 * <p>This package must not know backends, routes, clients or where a configuration comes from.
 */
@NullMarked
package io.memroute.proxy.call;

import org.jspecify.annotations.NullMarked;
