/**
 * Runs the Lua of configurations that are written for the built-in route library: their own route handlers on workers,
 * and the functions of {@code mcp} that concern the server. {@link io.memroute.proxy.config.reader.ConfigLoader} reads
 * such configurations.
 *
 * @see "docs/reference/route-library.md section 4"
 */
@NullMarked
package io.memroute.proxy.script.library;

import org.jspecify.annotations.NullMarked;
