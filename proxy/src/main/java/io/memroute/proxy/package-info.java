/**
 * The running proxy: the server that owns listeners, workers and the configuration in force.
 *
 * <p>What a request meets on its way lives in the packages below this one; this one only starts, reloads and stops
 * them. It must not know any wire format or any route handler.
 */
@NullMarked
package io.memroute.proxy;

import org.jspecify.annotations.NullMarked;
