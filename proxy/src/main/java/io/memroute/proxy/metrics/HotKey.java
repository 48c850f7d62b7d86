package io.memroute.proxy.metrics;

/**
 * A key that many requests to servers are about, lately.
 *
 * @param key as it is shown to people: bytes that are not printable ASCII are escaped
 * @param share of all requests to servers, from 0 to 1; an estimate from samples
 * @param pool the pool it was last sent to
 * @param backend the label of the server that it was last sent to
 * @param sizeBytes length of its value as last seen; 0 if it has not been seen
 */
public record HotKey(String key, double share, String pool, String backend, long sizeBytes) {}
