/**
 * Servers that come and go: sources that name the servers of a pool, and rules that keep a pool stable while they
 * change.
 *
 * <p>A {@link io.memroute.proxy.discovery.Source} is asked again and again by a
 * {@link io.memroute.proxy.discovery.WatchedSource}, whose {@link io.memroute.proxy.discovery.Membership} makes slots
 * of the answers: in the order of stable names, with those of servers that have just left. A
 * {@link io.memroute.proxy.discovery.Discovery} holds the sources of the configuration in force, and has a new one
 * loaded when the slots of one of them change. It has no other way to change a running proxy.
 *
 * <p>Nothing here runs on a worker's thread. It must not know configurations, nor how a source is asked.
 */
@NullMarked
package io.memroute.proxy.discovery;

import org.jspecify.annotations.NullMarked;
