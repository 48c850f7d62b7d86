package io.memroute.proxy.route;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.worker.WorkerContext;

/** A loaded configuration, of which each worker has its routes made. */
public interface RouteMaker {

    /** The settings of the whole proxy. Any thread. */
    Settings settings();

    /**
     * Takes over what routes keep from one configuration to the next. Called before any route is built. The
     * configuration thread.
     *
     * @param before the configuration that is in force
     */
    default void follow(RouteMaker before) {}

    /**
     * Builds the routes of one worker and connects to the backends it does not know yet. The configuration thread,
     * while the worker serves: what the worker owns is only used through {@code backends}, and the routes are the
     * worker's from its next loop pass on.
     *
     * @throws ConfigException if the configuration cannot be used after all; nothing is held then
     */
    RouteTable compile(BackendSource backends, WorkerContext worker) throws ConfigException;

    /**
     * Begins what it does by itself: all workers use it from now on. The configuration thread.
     *
     * @param before the turns that the previous configuration has left
     */
    default void begin(Turns before) {}

    /**
     * Ends what it does by itself: it is in force no longer. The configuration thread.
     *
     * @return the turns that it leaves
     */
    default Turns end() {
        return Turns.NONE;
    }
}
