package io.memroute.proxy.script;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.stats.FunctionCounters;

/** What one load of a script holds on one worker until its last request has left: backends, and a place in the statistics. */
record ScriptLease(BackendSource.Lease backends, FunctionCounters.Tally functions) implements BackendSource.Lease {

    @Override
    public Pool pool(PoolSpec spec, KeyDistributor distributor) {
        return backends.pool(spec, distributor);
    }

    @Override
    public void release() {
        backends.release();
        functions.close();
    }
}
