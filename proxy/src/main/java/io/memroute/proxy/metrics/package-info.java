/**
 * The numbers of a running proxy as plain data, for readers on other threads: metrics, health pages, an API.
 *
 * <p>Numbers are kept where they arise, by the worker that owns them. This package adds them up when somebody asks, and
 * must not know who that is: no HTTP, no format of a monitoring system.
 */
@NullMarked
package io.memroute.proxy.metrics;

import org.jspecify.annotations.NullMarked;
