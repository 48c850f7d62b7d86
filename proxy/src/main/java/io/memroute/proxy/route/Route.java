package io.memroute.proxy.route;

import io.memroute.proxy.call.Call;

/** One node of a compiled route tree. Owned by one worker's thread; holds no state of a single request. */
public interface Route {

    /** Has the call answered, now or later, exactly once. */
    void start(Call call);

    /**
     * Returns whether everybody that it sends to gets the requests about one key in the order in which they were
     * started. If not, whoever needs the order starts the next one when the one before has been answered.
     */
    default boolean keepsOrder() {
        return true;
    }
}
