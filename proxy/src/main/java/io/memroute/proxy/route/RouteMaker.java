package io.memroute.proxy.route;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;

/** A loaded configuration, of which each worker has its routes made. */
public interface RouteMaker {

    /** What holds for the whole proxy. */
    Settings settings();

    /**
     * Builds the routes of one worker and connects to the backends it does not know yet. The worker's thread.
     *
     * @throws ConfigException if the configuration cannot be used after all; nothing is held then
     */
    RouteTable compile(BackendSource backends, RouteWorker worker) throws ConfigException;
}
