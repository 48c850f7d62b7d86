package io.memroute.proxy.client;

import io.memroute.proxy.access.QuotaBook;
import io.memroute.proxy.client.limit.LargestReply;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.trust.AttemptLimit;
import io.memroute.proxy.trust.Passwords;
import java.util.Optional;

/**
 * The objects that the client connections of all workers share.
 *
 * @param limits what one client may have under way
 * @param times how long clients may take
 * @param admin answers commands that are not about keys
 * @param watch answers {@code watch}
 * @param largestReply the largest value that clients have lately sent or been sent
 * @param tls the TLS of listeners that have it
 * @param passwords by which clients log in; empty if they need not
 * @param attempts slows those that fail
 * @param quotas the use of limits
 */
public record ClientContext(
        ClientLimits limits,
        ClientTimes times,
        AdminCommands admin,
        WatchCommand watch,
        LargestReply largestReply,
        Optional<ClientTls> tls,
        Optional<Passwords> passwords,
        AttemptLimit attempts,
        QuotaBook quotas) {}
