/**
 * Trust in clients: identities, password files, and how attempts to log in are slowed.
 *
 * <p>It must not know requests' routes, servers or the configuration.
 */
@NullMarked
package io.memroute.proxy.trust;

import org.jspecify.annotations.NullMarked;
