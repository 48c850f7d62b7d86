package io.memroute.proxy.hash;

import java.util.Objects;
import java.util.Optional;

/**
 * A pool's way to pick the backend of a key, as configured: filter, then hash with seed, then distribution.
 *
 * @param seed the text that varies an {@link HashFunction#XXH3} hash; the empty text is a seed, unlike no seed
 */
public record KeySelection(
        HashFunction hash, Optional<String> seed, Optional<KeyFilter> filter, Distribution distribution) {

    /** The selection of a pool without options: XXH3, no seed, the whole key, jump hash. */
    public static final KeySelection DEFAULT =
            new KeySelection(HashFunction.XXH3, Optional.empty(), Optional.empty(), new Distribution.Jump());

    public KeySelection {
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(distribution, "distribution");
    }
}
