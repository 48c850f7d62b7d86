/**
 * The lines that servers are sent: canonical ones, which every server answers exactly once, and what fits them. A line
 * leaves only as {@link io.memroute.proxy.backend.line.CanonicalLine} writes it, and only a reply that
 * {@link io.memroute.proxy.backend.line.ReplyFit} accepts is taken for its own.
 *
 * <p>This package must not know connections, routes or clients.
 */
@NullMarked
package io.memroute.proxy.backend.line;

import org.jspecify.annotations.NullMarked;
