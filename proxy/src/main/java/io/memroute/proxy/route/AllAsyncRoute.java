package io.memroute.proxy.route;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;

/**
 * Sends to all children and waits for none: answers at once as {@link NullRoute} does.
 *
 * @see "route-library.md section 2.14"
 */
final class AllAsyncRoute implements Route {

    private final Route[] children;
    private final IgnoredCalls ignored;
    private final NullRoute answer;

    AllAsyncRoute(Route[] children, IgnoredCalls ignored, NullRoute answer) {
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
