/**
 * Identities: those of clients, their passwords and how attempts to log in are slowed, and the login to servers.
 *
 * <p>It must not know requests' routes, connections or the configuration.
 */
@NullMarked
package io.memroute.proxy.trust;

import org.jspecify.annotations.NullMarked;
