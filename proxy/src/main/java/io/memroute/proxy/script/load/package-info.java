/**
 * Loads configurations that use the table {@code mcp} themselves: the configuration state with its crons, and on each
 * worker a state that runs the same files and attaches functions to commands.
 *
 * <p>A load makes new Lua states and a new route table; nothing of a load that failed, or was replaced, is left.
 *
 * @see "docs/reference/proxy-api.md sections 1 and 2"
 */
@NullMarked
package io.memroute.proxy.script.load;

import org.jspecify.annotations.NullMarked;
