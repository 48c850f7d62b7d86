package io.memroute.proxy.config;

import java.util.Objects;

/**
 * {@code route_prefix}: the child sees other keys: without one prefix, if they have it, and with another.
 *
 * @param strip what is removed from the front of keys that have it; empty: nothing
 * @param add what is put in front of keys; empty: nothing
 */
public record PrefixSpec(ChildSpec child, String strip, String add, SourceLocation where) implements RouteSpec {

    public PrefixSpec {
        Objects.requireNonNull(child, "child");
        Objects.requireNonNull(strip, "strip");
        Objects.requireNonNull(add, "add");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "prefix";
    }
}
