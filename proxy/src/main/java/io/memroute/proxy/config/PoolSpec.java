package io.memroute.proxy.config;

import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.ServerName;
import java.util.List;
import java.util.Objects;

/**
 * An ordered list of backends and the way a key picks one of them.
 *
 * @param name unique in a configuration; a set's member is named {@code SET_MEMBER}
 * @param backends at least one, in configuration order
 * @param servers the same as keys are distributed over them: with the names and weights that they have in this pool
 * @param sources what named some of the backends
 */
public record PoolSpec(
        String name,
        List<BackendSpec> backends,
        List<ServerName> servers,
        List<PoolSource> sources,
        PoolOptions options,
        SourceLocation where) {

    /** The name of the child that is the embedded store, so of no pool. */
    public static final String INTERNAL = "internal";

    public PoolSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(where, "where");
        backends = List.copyOf(backends);
        servers = List.copyOf(servers);
        sources = List.copyOf(sources);
        if (backends.isEmpty()) {
            throw new IllegalArgumentException("pool \"" + name + "\" has no backends");
        }
        if (servers.size() != backends.size()) {
            throw new IllegalArgumentException("pool \"" + name + "\": not as many servers as backends");
        }
    }

    /** Makes what picks a key's backend: its result is an index into {@link #backends()}. Builds anew at every call. */
    public KeyDistributor distributor() {
        return KeyDistributor.of(options.selection(), servers);
    }
}
