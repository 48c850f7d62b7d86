package io.memroute.proxy.config;

import java.util.Objects;

/**
 * The zone this proxy is in.
 *
 * @param name as children are named
 * @param source what said so, as the configuration writes it: {@code local_zone_from_env("ZONE")}
 * @param where that stands
 */
public record Zone(String name, String source, SourceLocation where) {

    public Zone {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(where, "where");
    }

    /** The source of the name, and its place: {@code local_zone_from_env("ZONE") in routes.lua:3}. */
    public String origin() {
        return source + " in " + where;
    }
}
