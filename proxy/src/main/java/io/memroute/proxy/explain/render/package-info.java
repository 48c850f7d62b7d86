/**
 * Makes text, JSON and drawings of what the package {@code explain} finds out. Knows those records and nothing of the
 * proxy; returns strings, so that a command line, an admin listener and a text command can all use it.
 */
@NullMarked
package io.memroute.proxy.explain.render;

import org.jspecify.annotations.NullMarked;
