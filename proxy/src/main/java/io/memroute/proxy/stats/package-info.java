/**
 * What the proxy counts and how it is shown. Each worker counts for itself in plain memory; whoever asks adds up.
 *
 * <p>It must not know connections or routes: they count here, not the other way round.
 */
package io.memroute.proxy.stats;
