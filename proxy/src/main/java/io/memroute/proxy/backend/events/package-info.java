/**
 * The events of connections to backends, and where they are told: the log and the watchers.
 *
 * <p>It knows the description of a backend, but no connection.
 */
@NullMarked
package io.memroute.proxy.backend.events;

import org.jspecify.annotations.NullMarked;
