/**
 * The world that a configuration's files run in: the functions of the built-in route library, the part of {@code mcp}
 * that they may use, and bounds on what they may take.
 *
 * <p>The functions only record what they were called with and where. Nothing is checked until the files have run, so
 * that their order does not matter. They must not know the readers that do so.
 */
@NullMarked
package io.memroute.proxy.config.library;

import org.jspecify.annotations.NullMarked;
