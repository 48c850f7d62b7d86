/**
 * A server as a process: from its command line to its end, with its signals and the pages of its admin listener. The
 * proxy itself is {@link io.memroute.proxy.ProxyServer}.
 */
@NullMarked
package io.memroute.app.server;

import org.jspecify.annotations.NullMarked;
