/**
 * The {@code memroute} program: reads its command line, starts a server and ends with the right exit status.
 *
 * <p>The parts live in the packages below: {@code server} and {@code demo} run, {@code options} reads memcached's
 * option syntax, {@code command} holds the subcommands, {@code process} what a daemon asks of the operating system,
 * {@code log} the log format. This module knows no protocol and no route; everything it starts is a
 * {@link io.memroute.proxy.ProxyServer}.
 */
@NullMarked
package io.memroute.app;

import org.jspecify.annotations.NullMarked;
