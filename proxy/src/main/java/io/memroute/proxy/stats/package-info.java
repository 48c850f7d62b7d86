/**
 * The proxy's counters and the lines that show them. Each worker counts for itself in plain memory; readers add up.
 *
 * <p>It must not know connections or routes: they count here, not the other way round.
 */
@NullMarked
package io.memroute.proxy.stats;

import org.jspecify.annotations.NullMarked;
