package io.memroute.proxy.route.builtin;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.choice.TokenBucket;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends on what a token bucket admits, and the rest to another route, or the other way round. The other one answers
 * that there is nothing unless it is said otherwise.
 *
 * @see "docs/reference/route-library.md section 2.12"
 */
public final class RateLimitRoute implements Route {

    private final Route child;
    private final TokenBucket bucket;
    private final boolean failUntilLimit;
    private final Route others;
    /** Counts requests not sent on, if they are counted. */
    private final @Nullable UserCounter limits;

    private final WorkerContext worker;

    /** @param others gets what is not sent on */
    public RateLimitRoute(
            Route child,
            TokenBucket bucket,
            boolean failUntilLimit,
            Route others,
            @Nullable UserCounter limits,
            WorkerContext worker) {
        this.child = child;
        this.bucket = bucket;
        this.failUntilLimit = failUntilLimit;
        this.others = others;
        this.limits = limits;
        this.worker = worker;
    }

    @Override
    public void start(Call call) {
        if (bucket.take(worker.nanoTime()) != failUntilLimit) {
            child.start(call);
            return;
        }
        if (limits != null) {
            limits.increment();
        }
        others.start(call);
    }
}
