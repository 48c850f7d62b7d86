package io.memroute.proxy.explain;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;

/** The behaviour of a backend while a configuration is explained or tested. */
public sealed interface StandIn {

    /**
     * Answers as a memcached would.
     *
     * @param hasKeys whether it holds every key asked for; else it is empty
     */
    record Server(boolean hasKeys) implements StandIn {}

    /** Cannot be reached: requests fail at once, as when it is marked bad. */
    record Down() implements StandIn {}

    /** Takes requests and says nothing: they fail when the backend's read timeout has passed. */
    record Silent() implements StandIn {}

    /**
     * Answers every request with the same.
     *
     * @param reply a reply as memcached sends it, line ends included; a get's without {@code END} after the value
     */
    record Says(String reply) implements StandIn {}

    /** Says which backend is what. */
    interface Cast {
        StandIn of(PoolSpec pool, BackendSpec backend);
    }
}
