package io.memroute.proxy.route;

import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.Call;

/** Sends each request to the backend of its key in one pool; the backend's reply is the reply. */
public final class PoolRoute implements Route {

    private final Pool pool;

    public PoolRoute(Pool pool) {
        this.pool = pool;
    }

    @Override
    public void start(Call call) {
        pool.send(call);
    }
}
