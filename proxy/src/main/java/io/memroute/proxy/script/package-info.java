/**
 * The table {@code mcp} for Lua programs that route requests themselves, as memcached's proxy offers it. Floors, from
 * below:
 *
 * <ul>
 *   <li>{@code tool}: inspectors and mutators;
 *   <li>{@code object}: requests, responses, pools and other objects of scripts;
 *   <li>{@code slot}: functions that serve requests;
 *   <li>{@code load}: the two kinds of states, and how files become routes;
 *   <li>{@code library}: the Lua of configurations written for the built-in route library.
 * </ul>
 *
 * <p>A function generator is a {@link io.memroute.proxy.route.Route}, so that it stands wherever a built-in route may.
 * No package here knows sockets.
 *
 * @see "docs/reference/proxy-api.md sections 1 to 4"
 */
@NullMarked
package io.memroute.proxy.script;

import org.jspecify.annotations.NullMarked;
