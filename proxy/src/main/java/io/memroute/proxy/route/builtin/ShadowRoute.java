package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.hash.KeyFraction;
import io.memroute.proxy.route.Route;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends everything to one child, whose reply is the reply, and a share of it to another as well: to try new servers
 * under real traffic. On request both replies are compared and the outcome counted.
 */
public final class ShadowRoute implements Route {

    private final Route child;
    private final Route shadow;
    private final double share;
    private final boolean byKey;
    private final IgnoredCalls ignored;
    /** Compares replies, if they are compared. */
    private final @Nullable ReplyComparison comparison;

    /**
     * @param share of the requests that the shadow gets too, 0 to 1
     * @param byKey whether a share of the keys is chosen, always the same ones, instead of one of the requests
     * @param comparison compares the shadow's replies with the child's; without it they are ignored
     */
    public ShadowRoute(
            Route child,
            Route shadow,
            double share,
            boolean byKey,
            IgnoredCalls ignored,
            @Nullable ReplyComparison comparison) {
        this.child = child;
        this.shadow = shadow;
        this.share = share;
        this.byKey = byKey;
        this.ignored = ignored;
        this.comparison = comparison;
    }

    @Override
    public void start(Call call) {
        if (!chosen(call.request())) {
            child.start(call);
        } else if (comparison == null) {
            ignored.send(call.holder(), shadow);
            child.start(call);
        } else {
            comparison.start(call, child, shadow);
        }
    }

    private boolean chosen(Request request) {
        return byKey ? isSampled(request, share) : ThreadLocalRandom.current().nextDouble() < share;
    }

    /** Whether a share of the keys, 0 to 1, has a request's key in it. */
    public static boolean isSampled(Request request, double share) {
        return KeyFraction.of(request.buffer(), request.keyIndex(), request.keyLength()) < share;
    }
}
