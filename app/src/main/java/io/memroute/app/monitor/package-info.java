/**
 * The pages of the admin listener about a running proxy: health, metrics, and its state as JSON. Each reads
 * {@link io.memroute.proxy.metrics.ProxyNumbers} and shows them; nothing is counted here.
 */
@NullMarked
package io.memroute.app.monitor;

import org.jspecify.annotations.NullMarked;
