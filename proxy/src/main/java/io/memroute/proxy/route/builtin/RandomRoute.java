package io.memroute.proxy.route.builtin;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends each request to one child, chosen anew and evenly.
 *
 * @see "docs/reference/route-library.md section 2.13"
 */
public final class RandomRoute implements Route {

    private final Route[] children;

    public RandomRoute(Route[] children) {
        this.children = children;
    }

    @Override
    public void start(Call call) {
        children[ThreadLocalRandom.current().nextInt(children.length)].start(call);
    }
}
