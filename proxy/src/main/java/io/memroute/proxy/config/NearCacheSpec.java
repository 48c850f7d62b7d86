package io.memroute.proxy.config;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_nearcache}: answers gets of what was asked for shortly before from this process's memory.
 *
 * @param ttl how long an answer is used again; whole seconds
 * @param maxBytes of memory, for all workers together
 * @param maxValueBytes longer values are not kept
 * @param counter what the counters of hits and misses are named after; empty if not counted
 */
public record NearCacheSpec(
        ChildSpec child, Duration ttl, long maxBytes, int maxValueBytes, Optional<String> counter, SourceLocation where)
        implements RouteSpec {

    public NearCacheSpec {
        Objects.requireNonNull(child, "child");
        Objects.requireNonNull(ttl, "ttl");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(where, "where");
        if (ttl.toSeconds() < 1 || maxBytes < 1 || maxValueBytes < 0) {
            throw new IllegalArgumentException("a TTL of at least a second, and memory");
        }
    }

    @Override
    public String handler() {
        return "nearcache";
    }
}
