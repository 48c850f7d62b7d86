package io.memroute.proxy.hash;

import java.util.Objects;

/**
 * A server as a ring sees it: the host as configured, not resolved, and its port. Labels and addresses play no role, so
 * a server that moves keeps its keys as long as its name stays.
 */
public record ServerName(String host, int port) {

    public ServerName {
        Objects.requireNonNull(host, "host");
    }
}
