package io.memroute.proxy.route;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.worker.WorkerContext;
import java.util.Optional;

/** A loaded configuration, of which each worker has its routes made. */
public interface RouteMaker {

    /** The settings of the whole proxy. Any thread. */
    Settings settings();

    /**
     * Builds the routes of one worker and connects to the backends it does not know yet. The configuration thread,
     * while the worker serves: what the worker owns is only used through {@code backends}, and the routes are the
     * worker's from its next loop pass on.
     *
     * @throws ConfigException if the configuration cannot be used after all; nothing is held then
     */
    RouteTable compile(BackendSource backends, WorkerContext worker) throws ConfigException;

    /**
     * All workers use it from now on: what it does by itself begins. The configuration thread.
     *
     * @param before what was in force until now, and has ended
     */
    default void begin(Optional<RouteMaker> before) {}

    /** It is in force no longer, and does nothing by itself any more. The configuration thread. */
    default void end() {}
}
