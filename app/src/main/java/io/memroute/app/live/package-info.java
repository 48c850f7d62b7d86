/**
 * The numbers of a running proxy as they move: differences over the last seconds, the last minutes, and a stream of
 * both with the events of servers. The console, {@code memroute top} and {@code memroute doctor} read these alone.
 *
 * <p>Numbers are read on a thread of their own, once a second as long as somebody watches, and never on a worker's.
 */
@NullMarked
package io.memroute.app.live;

import org.jspecify.annotations.NullMarked;
