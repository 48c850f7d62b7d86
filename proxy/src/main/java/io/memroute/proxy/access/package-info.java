/**
 * Rules about clients: which identity may use which commands on which keys.
 *
 * <p>It judges requests as they were parsed. It must not know connections, routes or the configuration.
 */
@NullMarked
package io.memroute.proxy.access;

import org.jspecify.annotations.NullMarked;
