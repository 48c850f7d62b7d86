package io.memroute.proxy.handler;

import java.util.Optional;

/** A kind of route: what it is called in a configuration, what it takes, and how that becomes a route. */
public interface Handler {

    /** The {@code NAME} of {@code route_NAME}. */
    String name();

    Arguments arguments();

    /** Reads a route's arguments; empty if they have errors, which have been noted. */
    Optional<? extends HandlerSpec> read(Reading reading);
}
