/**
 * What clients see that watch the proxy with {@code watch}: its streams, the lines in them, and the watchers they go
 * to.
 *
 * <p>Lines are made by whichever thread has something to tell, and only while somebody watches their stream; each
 * watcher writes its own on its connection's event loop. A watcher that does not keep up loses lines, and is told how
 * many. This package must not know who has something to tell: those ask {@link io.memroute.proxy.log.LogStreams}
 * whether to, and hand it the line.
 *
 * @see "proxy-api.md section 7.5"
 */
package io.memroute.proxy.log;
