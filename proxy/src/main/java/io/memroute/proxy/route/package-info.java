/**
 * Routes as one worker runs them: what decides where a request goes and which reply wins. One class per handler.
 *
 * <p>Routes are compiled from the typed configuration model and start {@link io.memroute.proxy.backend.Call}s on pools. They must not know
 * client connections.
 */
package io.memroute.proxy.route;
