/**
 * The table {@code mcp} for Lua programs that route requests themselves, as memcached's proxy offers it: a
 * configuration state whose {@code mcp_config_pools} describes pools, and on each worker a state whose
 * {@code mcp_config_routes} attaches functions to commands.
 *
 * <p>A load makes new Lua states and a new route table; nothing of a load that failed, or was replaced, is left. A
 * function generator is a {@link io.memroute.proxy.route.Route}, so that it stands wherever a built-in route may. This
 * package knows no sockets.
 *
 * <p>Configurations of the built-in route library are read by {@link io.memroute.proxy.config.reader.ConfigLoader};
 * what of them is Lua on workers, their own route handlers, runs here too:
 * {@link io.memroute.proxy.script.LibraryHandlers}, on the same objects.
 *
 * @see "proxy-api.md sections 1 to 4"
 */
package io.memroute.proxy.script;
