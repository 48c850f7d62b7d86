package io.memroute.proxy.route;

import io.memroute.proxy.call.Call;

/**
 * The root of a tree of which some route sends requests on in several steps, or of one that serves other commands about
 * the same keys: its requests must not overtake each other.
 */
public record SteppedRoute(Route root) implements Route {

    @Override
    public void start(Call call) {
        root.start(call);
    }

    @Override
    public boolean keepsOrder() {
        return false;
    }
}
