/**
 * The ways in which other proxies and client libraries place keys, one file for each, and two of memroute's own for new
 * pools. Each is written from a description, and proven against the library itself ({@code bench/placement}).
 *
 * <p>{@link io.memroute.proxy.hash.scheme.Schemes} lists them. This package must not know more than
 * {@link io.memroute.proxy.hash} does.
 */
@NullMarked
package io.memroute.proxy.hash.scheme;

import org.jspecify.annotations.NullMarked;
