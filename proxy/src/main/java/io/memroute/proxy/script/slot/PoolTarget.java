package io.memroute.proxy.script.slot;

import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;

/**
 * A pool as a target of handles, which are told the server that was picked: scripts log it. Owned by the worker's
 * thread.
 */
public final class PoolTarget implements Route {

    private final Pool pool;

    public PoolTarget(Pool pool) {
        this.pool = pool;
    }

    @Override
    public void start(Call call) {
        Backend backend = pool.backend(call.request());
        if (call instanceof Handle handle) {
            handle.asks(backend.spec());
        }
        backend.send(call);
    }
}
