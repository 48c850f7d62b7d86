/** Reads and shows how keys are placed: hash, filter and distribution, of a pool or of a route that does the same. */
@NullMarked
package io.memroute.proxy.config.placement;

import org.jspecify.annotations.NullMarked;
