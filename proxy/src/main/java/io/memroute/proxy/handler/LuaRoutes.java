package io.memroute.proxy.handler;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.worker.WorkerContext;
import java.util.Set;
import java.util.function.Function;

/** Makes the routes of handlers that are written in Lua. Any thread. */
public interface LuaRoutes {

    /**
     * Begins the routes of one configuration for one worker, which serves meanwhile.
     *
     * @param children what a child is on the worker; only used until {@link OfWorker#route} has returned
     * @throws ConfigException if the files cannot be run there
     */
    OfWorker open(WorkerContext worker, Function<ChildSpec, Route> children) throws ConfigException;

    /** The same for somebody who is to take nothing from what workers share. */
    LuaRoutes afresh();

    /** Makes the routes of one worker, on the thread that makes routes; {@link #release} is for the worker's. */
    interface OfWorker {

        /** @throws ConfigException if the handler's function fails */
        Route route(LuaHandlerSpec spec) throws ConfigException;

        /** All routes are made: requests may come. */
        void loaded();

        /** The user counters that the handlers count with. */
        Set<String> counterNames();

        /** The last request has left the routes. */
        void release();
    }
}
