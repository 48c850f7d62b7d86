package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.access.Access;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.IdentityCounters;
import io.memroute.proxy.trust.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Judges the requests of one client before anything is made of them, by the rules about clients that are in force.
 * Owned by the worker's thread.
 *
 * <p>The rules and the identity may change between two requests: with a reload, and when the client logs in. What
 * follows from both is found again then.
 */
final class Admission {

    private static final byte[] ACCESS_DENIED = Replies.line("CLIENT_ERROR access denied");

    private final WorkerClients clients;
    /** The rules and the identity that the rest follows from, once a request has been judged. */
    private @Nullable Access access;

    private @Nullable Identity identity;

    @SuppressWarnings("NullAway.Init") // set with the rules
    private Access.Rights rights;

    @SuppressWarnings("NullAway.Init") // set with the rules
    private IdentityCounters counts;

    Admission(WorkerClients clients) {
        this.clients = clients;
    }

    /**
     * Judges a request, which is well-formed but for the text of a flag.
     *
     * @param asking the client, as far as it is known now
     * @return the line to refuse it with, unless it is to be answered
     */
    byte @Nullable [] refusal(Request request, Identity asking) {
        Access inForce = clients.access();
        if (inForce == null) {
            return null;
        }
        if (inForce != access || asking != identity) {
            rights = inForce.rightsOf(asking);
            counts = clients.identity(IdentityName.bestOf(asking));
            access = inForce;
            identity = asking;
        }
        if (rights.permit(request)) {
            return null;
        }
        clients.counters().increment(Counter.ACCESS_DENIED);
        counts.increment(IdentityCounters.Count.DENIED);
        return ACCESS_DENIED;
    }
}
