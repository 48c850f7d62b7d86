package io.memroute.proxy.route.builtin;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.choice.WeightedChoice;

/**
 * Sends each key to one child, and the same key always to the same: every child gets its weight's share of the keys.
 */
public final class WeightedRoute implements Route {

    private final Route[] children;
    private final WeightedChoice choice;

    public WeightedRoute(Route[] children, WeightedChoice choice) {
        this.children = children;
        this.choice = choice;
    }

    @Override
    public void start(Call call) {
        children[choice.select(call.request())].start(call);
    }
}
