/**
 * Answers questions about a configuration from the typed model that the proxy runs: what is suspicious about it
 * ({@link io.memroute.proxy.explain.Check}), where a key goes and what happens if a backend fails
 * ({@link io.memroute.proxy.explain.Why}), what changes from one configuration to the next
 * ({@link io.memroute.proxy.explain.Plan}), what is in force ({@link io.memroute.proxy.explain.Outline}), whether it
 * does what its tests expect ({@link io.memroute.proxy.explain.RouteTests}).
 *
 * <p>So that no answer can disagree with what runs, prefixes and backends are picked by the very classes that pick them
 * when serving, and what happens to a request is found by running the compiled routes over stand-ins for backends
 * ({@link io.memroute.proxy.explain.Simulation}).
 *
 * <p>Everything here returns data and prints nothing; the package {@code render} makes text, JSON and drawings of it.
 * Nothing here opens a socket or runs per request.
 */
@NullMarked
package io.memroute.proxy.explain;

import org.jspecify.annotations.NullMarked;
