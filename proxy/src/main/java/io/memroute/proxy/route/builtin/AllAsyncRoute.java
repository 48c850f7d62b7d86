package io.memroute.proxy.route.builtin;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.NullRoute;
import io.memroute.proxy.route.Route;

/**
 * Sends to all children and waits for none: answers at once as {@link NullRoute} does.
 *
 * @see "docs/reference/route-library.md section 2.14"
 */
public final class AllAsyncRoute implements Route {

    private final Route[] children;
    private final IgnoredCalls ignored;
    private final NullRoute answer;

    public AllAsyncRoute(Route[] children, IgnoredCalls ignored, NullRoute answer) {
        this.children = children;
        this.ignored = ignored;
        this.answer = answer;
    }

    @Override
    public void start(Call call) {
        RequestHolder holder = call.holder();
        for (Route child : children) {
            ignored.send(holder, child);
        }
        answer.start(call);
    }
}
