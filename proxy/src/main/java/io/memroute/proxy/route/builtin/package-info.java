/**
 * The routes of the built-in handlers, one class for each, and what some of them use:
 * {@link io.memroute.proxy.route.builtin.IgnoredCalls} sends requests whose replies nobody waits for. Package
 * {@code fanout} sends to all children at once, {@code choice} picks one.
 *
 * <p>Run time only: what a route is called in a configuration, and how its arguments are read and explained, is the
 * business of its handler.
 */
@NullMarked
package io.memroute.proxy.route.builtin;

import org.jspecify.annotations.NullMarked;
