/**
 * The parts of a worker that its clients, routes and backends have in common.
 *
 * <p>It knows nothing of commands, routes or connections, so that all of them can use it.
 */
@NullMarked
package io.memroute.proxy.worker;

import org.jspecify.annotations.NullMarked;
