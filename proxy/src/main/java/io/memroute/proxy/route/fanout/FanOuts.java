package io.memroute.proxy.route.fanout;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.worker.WorkerContext;

/**
 * The children of a route that sends to all of them at once, and the {@link FanOut}s that take turns. Owned by the
 * worker's thread.
 */
public final class FanOuts {

    private final Route[] children;
    private final FanOut.Rule rule;
    private final int tallySize;
    private final WorkerContext worker;
    private final FreeList<FanOut> free = new FreeList<>(this::make);

    /**
     * @param rule makes one reply of many
     * @param tallySize how many counts the rule keeps for each request
     */
    public FanOuts(Route[] children, FanOut.Rule rule, int tallySize, WorkerContext worker) {
        if (children.length == 0) {
            throw new IllegalArgumentException("a route that sends to all its children has none");
        }
        this.children = children;
        this.rule = rule;
        this.tallySize = tallySize;
        this.worker = worker;
    }

    public int size() {
        return children.length;
    }

    /** Sends a request to all children. */
    public void start(Call call) {
        FanOut fanOut = free.take();
        fanOut.start(call, children);
    }

    private FanOut make() {
        return new FanOut(this, rule, children.length, tallySize, worker);
    }

    void give(FanOut done) {
        free.give(done);
    }
}
