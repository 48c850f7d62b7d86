/**
 * The built-in handlers, one file for each: its arguments, how they are read, and all that there is to say about its
 * routes. {@link io.memroute.proxy.handler.builtin.Handlers} lists them.
 */
package io.memroute.proxy.handler.builtin;
