package io.memroute.proxy.config;

import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_shadow}: everything to one child, a share of it to a second one too, whose replies are ignored or
 * compared.
 *
 * @param percent the share that the second child gets, 0 to 100
 * @param byKey whether it is a share of the keys, always the same ones, instead of one of the requests
 *     ({@code key_sample})
 * @param counter what the counters of equal and different replies are named after ({@code compare}); empty if not
 *     compared
 */
public record ShadowSpec(
        ChildSpec child,
        ChildSpec shadow,
        double percent,
        boolean byKey,
        Optional<String> counter,
        SourceLocation where)
        implements RouteSpec {

    public ShadowSpec {
        Objects.requireNonNull(child, "child");
        Objects.requireNonNull(shadow, "shadow");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(where, "where");
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent is 0 to 100");
        }
    }

    @Override
    public String handler() {
        return "shadow";
    }
}
