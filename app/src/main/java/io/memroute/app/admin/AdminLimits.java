package io.memroute.app.admin;

import java.time.Duration;

/**
 * The times that a connection may take, so that a client that is slow or silent keeps nothing for ever.
 *
 * @param ask from its beginning to the end of its request
 * @param answer from there to the answer, the wait for its turn included
 * @param take to take the answer
 * @param connections how many there may be at a time; see {@link ConnectionRoom}
 * @param streams how many more there may be that are sent events
 */
record AdminLimits(Duration ask, Duration answer, Duration take, int connections, int streams) {

    /**
     * A person types within seconds; the largest plan takes some; the connections are those of a dashboard, some
     * scrapers and some probes at once; the streams are the open consoles of a team.
     */
    static final AdminLimits USUAL =
            new AdminLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10), 64, 16);

    AdminLimits(Duration ask, Duration answer, Duration take, int connections) {
        this(ask, answer, take, connections, connections);
    }
}
