package io.memroute.proxy.config;

import io.memroute.protocol.Command;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The routes of the listeners with one tag. A request is looked up by the prefix of its key in {@code map}, there by
 * its command; if that yields nothing, by its command in {@code cmap}; else it takes {@code defaultRoute}.
 *
 * @param tag 1 to 8 bytes, {@code ""} for listeners without a tag or with one that has no tree
 * @param map by prefix, in order of the prefixes; their bytes are the text's UTF-8
 * @param cmap by command, for keys that {@code map} does not take
 * @param missOnError whether a get that a server fails to answer is answered with a miss
 * @param where the call of {@code routes{}}
 */
public record RouteTree(
        String tag,
        PrefixRule prefixRule,
        Map<String, CommandMap> map,
        Map<Command, RouteSpec> cmap,
        Optional<RouteSpec> defaultRoute,
        boolean missOnError,
        SourceLocation where) {

    public RouteTree {
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(prefixRule, "prefixRule");
        Objects.requireNonNull(where, "where");
        map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
        Map<Command, RouteSpec> copy = new EnumMap<>(Command.class);
        copy.putAll(cmap);
        cmap = Collections.unmodifiableMap(copy);
        if (map.isEmpty() && cmap.isEmpty() && defaultRoute.isEmpty()) {
            throw new IllegalArgumentException("a route tree needs map, cmap or default");
        }
    }
}
