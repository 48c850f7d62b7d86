package io.memroute.proxy.hash;

import java.util.Objects;
import java.util.Optional;

/**
 * A server as a distribution sees it: the host as configured, not resolved, and its port. Labels and addresses play no
 * role, so a server that moves keeps its keys as long as its name stays.
 *
 * @param name what a {@link Scheme} hashes in the place of host and port
 * @param weight its share compared with the others'; 0 or more
 */
public record ServerName(String host, int port, Optional<String> name, double weight) {

    public ServerName {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(name, "name");
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("a weight must be 0 or more, not " + weight);
        }
    }

    /** A server with the weight 1 and without a name of its own. */
    public ServerName(String host, int port) {
        this(host, port, Optional.empty(), 1);
    }
}
