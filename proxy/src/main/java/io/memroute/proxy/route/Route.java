package io.memroute.proxy.route;

import io.memroute.proxy.backend.Call;

/** One node of a compiled route tree. Owned by one worker's thread; holds no state of a single request. */
public interface Route {

    /** Has the call answered, now or later, exactly once. */
    void start(Call call);
}
