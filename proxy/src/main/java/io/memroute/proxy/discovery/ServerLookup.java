package io.memroute.proxy.discovery;

import java.util.List;
import java.util.Optional;

/** The lookup that a load of a configuration asks for the servers of sources. Used on the thread of the load. */
@FunctionalInterface
public interface ServerLookup {

    /** Asks nobody, for configurations that are only looked at: each source stands for itself. */
    ServerLookup NONE = (source, settings) -> Optional.empty();

    /**
     * Returns the slots of a source in order, at least one; empty if sources are not asked. May block for some seconds
     * if the source has not been asked before.
     *
     * @throws SourceException if no servers are known
     */
    Optional<List<Slot>> slots(SourceAddress source, DiscoverySettings settings) throws SourceException;
}
