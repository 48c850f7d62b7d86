/**
 * Routes as one worker runs them: what decides where a request goes and which reply wins.
 *
 * <p>A {@link io.memroute.proxy.route.RouteTable} has a {@link io.memroute.proxy.route.Router} for each listener tag,
 * which picks the {@link io.memroute.proxy.route.Route} of a request. A route that needs to see the reply gives its
 * child a call of its own, taken from a {@link io.memroute.proxy.call.FreeList}. One that does not, such as a random
 * choice, hands the call on. What outlives a call is kept by its {@link io.memroute.proxy.call.RequestHolder}. Nothing
 * of this allocates once it has been in use.
 *
 * <p>Routes must not know client connections, handlers or Lua: the routes of functions in Lua are made where the
 * scripts are.
 */
@NullMarked
package io.memroute.proxy.route;

import org.jspecify.annotations.NullMarked;
