package io.memroute.proxy.config;

import io.memroute.proxy.trust.Login;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything an operator configured, checked and complete.
 *
 * @param pools the plain pools by name, in the order of their definition
 * @param sets the sets by full name ({@code set_...}), in the order of their definition; their members are not in
 *     {@code pools}
 * @param trees one for each listener tag, in the order of definition; the untagged one has the tag {@code ""}
 * @param handlers what the handlers in Lua need that the trees use; empty if there are none
 */
public record ProxyConfig(
        Settings settings,
        Map<String, PoolSpec> pools,
        Map<String, PoolSetSpec> sets,
        List<RouteTree> trees,
        Optional<HandlerProgram> handlers) {

    public ProxyConfig {
        pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
        trees = List.copyOf(trees);
        Objects.requireNonNull(handlers, "handlers");
    }

    /** Every pool: the plain ones, then the members of sets. */
    public Stream<PoolSpec> allPools() {
        return Stream.concat(
                pools.values().stream(),
                sets.values().stream().flatMap(set -> set.members().stream().map(PoolSetSpec.Member::pool)));
    }

    /** Every distinct backend of every pool, used by a route or not. */
    public Set<BackendSpec> backends() {
        Set<BackendSpec> backends = new LinkedHashSet<>();
        allPools().forEach(pool -> backends.addAll(pool.backends()));
        return Collections.unmodifiableSet(backends);
    }

    /** The names of the files that backends have certificates, keys and passwords from. */
    public Set<String> backendFiles() {
        Set<String> files = new LinkedHashSet<>();
        for (BackendSpec backend : backends()) {
            files.addAll(backend.tls().files());
            backend.login().flatMap(Login::file).ifPresent(files::add);
        }
        return files;
    }
}
