package io.memroute.proxy.metrics;

/**
 * The clients of the listeners with one tag, added up over all workers.
 *
 * @param listener the tag; empty for listeners without one
 * @param connections connections open now
 * @param accepted connections accepted so far
 * @param refused connections closed because there were too many
 * @param requests commands that clients have sent; each key of a multi-key get counts
 * @param errors malformed requests, and requests answered with an error
 * @param receivedBytes bytes received from them
 * @param sentBytes bytes sent to them
 */
public record ClientNumbers(
        String listener,
        long connections,
        long accepted,
        long refused,
        long requests,
        long errors,
        long receivedBytes,
        long sentBytes) {}
