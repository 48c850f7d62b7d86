/**
 * Routes as one worker runs them: what decides where a request goes and which reply wins. One class per handler.
 *
 * <p>Routes are compiled from the typed configuration model and start {@link io.memroute.proxy.call.Call}s on pools. A
 * route that needs to see the reply gives its child a call of its own, taken from a
 * {@link io.memroute.proxy.call.FreeList}: {@link io.memroute.proxy.route.FanOut} is that for several children at once,
 * {@link io.memroute.proxy.route.IgnoredCalls} for those whose replies nobody waits for. One that does not, such as a
 * random choice, hands the call on. What outlives a call is kept by its {@link io.memroute.proxy.call.RequestHolder}; a
 * request that a route writes itself is an {@link io.memroute.proxy.call.OwnRequest}; replies that are needed later are
 * {@link io.memroute.proxy.call.KeptReply}s. Nothing of this allocates once it has been in use.
 *
 * <p>Routes must not know client connections, nor Lua: those of handlers in Lua are made by whoever implements
 * {@link io.memroute.proxy.route.HandlersInLua}.
 */
package io.memroute.proxy.route;
