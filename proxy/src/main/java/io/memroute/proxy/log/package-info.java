/**
 * The log streams that clients {@code watch}: the streams, the lines in them, and the watchers they go to.
 *
 * <p>The thread with something to tell makes the line, and only while there are watchers of the stream; each watcher
 * writes its own on its connection's event loop. A watcher that does not keep up loses lines, and is told how many.
 * This package must not know who has something to tell: those ask {@link io.memroute.proxy.log.LogStreams} whether to,
 * and hand it the line.
 *
 * @see "docs/reference/proxy-api.md section 7.5"
 */
@NullMarked
package io.memroute.proxy.log;

import org.jspecify.annotations.NullMarked;
