/**
 * Fair shares of what the clients of a worker have in common: its time, and the servers' queues.
 *
 * <p>A {@link io.memroute.proxy.fairness.Tenant} is all clients with one identity, or one connection without.
 * {@link io.memroute.proxy.fairness.Turns} has tenants that ask for much wait for their turn while others ask for
 * little. They wait where requests are read: a request that has been read is on its way. It must not know requests,
 * connections or servers.
 */
@NullMarked
package io.memroute.proxy.fairness;

import org.jspecify.annotations.NullMarked;
