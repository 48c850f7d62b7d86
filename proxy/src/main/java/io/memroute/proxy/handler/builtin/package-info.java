/**
 * The built-in handlers, one file for each: its arguments, how they are read, and all that there is to say about its
 * routes. {@link io.memroute.proxy.handler.builtin.Handlers} lists them.
 *
 * <p>They must not know more of the rest than {@link io.memroute.proxy.handler} does.
 */
@NullMarked
package io.memroute.proxy.handler.builtin;

import org.jspecify.annotations.NullMarked;
