/**
 * Handlers: the kinds of routes. A {@link io.memroute.proxy.handler.Handler} declares its arguments and reads them into
 * a {@link io.memroute.proxy.handler.HandlerSpec}, which makes the route on each worker, describes it, and warns of
 * what is surely not meant. Everything else asks the specification instead of telling handlers apart.
 *
 * <p>A {@link io.memroute.proxy.handler.RoutePlan} is a configuration made ready for workers.
 *
 * <p>Handlers must not know the reader that finds them in files, scripts, clients, or how their answers are shown. The
 * routes of handlers in Lua are made by an implementation of {@link io.memroute.proxy.handler.LuaRoutes}.
 */
@NullMarked
package io.memroute.proxy.handler;

import org.jspecify.annotations.NullMarked;
