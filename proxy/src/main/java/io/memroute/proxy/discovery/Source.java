package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.List;

/**
 * A place that names servers. Used by one thread at a time, which it may block; {@link #close()} may come from another
 * and ends a question that is under way.
 */
public interface Source extends AutoCloseable {

    /** Makes sources from their addresses. Thread safe. */
    @FunctionalInterface
    interface Maker {
        /** @throws SourceException if the address is none of its kind */
        Source make(SourceAddress address, DiscoverySettings.Asking asking) throws SourceException;
    }

    /**
     * An answer.
     *
     * @param servers all of them, in no order
     * @param pause the time until it is worth asking again
     */
    record Answer(List<FoundServer> servers, Duration pause) {

        public Answer {
            servers = List.copyOf(servers);
        }
    }

    /**
     * Asks for the servers. A source that tells changes by itself returns from the second question on when there is
     * something new.
     *
     * @throws SourceException if there is no answer
     */
    Answer ask() throws SourceException, InterruptedException;

    @Override
    default void close() {}
}
