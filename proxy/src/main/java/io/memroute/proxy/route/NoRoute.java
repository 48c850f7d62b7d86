package io.memroute.proxy.route;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;

/** Refuses requests that no entry of the route tree takes, with the error text of memcached's proxy. */
public final class NoRoute implements Route {

    public static final NoRoute INSTANCE = new NoRoute();

    private NoRoute() {}

    @Override
    public void start(Call call) {
        call.replied(FixedReply.LUA_START_FAILURE);
    }
}
