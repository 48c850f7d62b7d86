package io.memroute.proxy.route.builtin;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;

/**
 * Sends to both children, {@code b} first; the reply is {@code a}'s, whatever becomes of {@code b}.
 *
 * @see "docs/reference/route-library.md section 2.11"
 */
public final class SplitRoute implements Route {

    private final Route a;
    private final Route b;
    private final IgnoredCalls ignored;

    public SplitRoute(Route a, Route b, IgnoredCalls ignored) {
        this.a = a;
        this.b = b;
        this.ignored = ignored;
    }

    @Override
    public void start(Call call) {
        ignored.send(call.holder(), b);
        a.start(call);
    }
}
