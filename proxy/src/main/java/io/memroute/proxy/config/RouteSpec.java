package io.memroute.proxy.config;

/** A route of the model: a handler with its arguments checked. Its handler knows all the rest. */
public interface RouteSpec {

    /** The handler's name, as in {@code route_NAME}. */
    String handler();

    /** The call of {@code route_NAME{}} that made it. */
    SourceLocation where();
}
