package io.memroute.proxy.metrics;

/**
 * A route that the configuration gives a name, added up over all workers.
 *
 * @param requests requests given to it
 * @param hits good replies, {@code NOT_FOUND} and the like included
 * @param misses misses of gets
 * @param errors error replies, and requests without a reply
 * @param latency from when it got a request until its reply was there
 */
public record RouteNumbers(String name, long requests, long hits, long misses, long errors, Distribution latency) {}
