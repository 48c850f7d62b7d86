/**
 * The {@code memroute} program: reads its command line, starts a server and ends with the right exit status.
 *
 * <p>Its parts are the packages below, which docs/architecture.md lists. This module knows no protocol and no route;
 * everything it starts is a {@link io.memroute.proxy.ProxyServer}.
 */
@NullMarked
package io.memroute.app;

import org.jspecify.annotations.NullMarked;
