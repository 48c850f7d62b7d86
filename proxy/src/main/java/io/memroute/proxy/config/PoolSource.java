package io.memroute.proxy.config;

import io.memroute.proxy.discovery.SourceAddress;
import java.util.List;
import java.util.Objects;

/**
 * A source of servers that a pool lists.
 *
 * @param labels of the backends that it stands for in this configuration, in order; empty if it was not asked
 */
public record PoolSource(SourceAddress address, List<String> labels) {

    public PoolSource {
        Objects.requireNonNull(address, "address");
        labels = List.copyOf(labels);
    }

    /** The address as a configuration has it. */
    public String text() {
        return address.toString();
    }
}
