package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.route.Route;

/** Sends each key to the child that a pool's distribution picks for it. */
public final class HashRoute implements Route {

    private final Route[] children;
    private final KeyDistributor distributor;

    /** @param distributor for as many servers as there are children */
    public HashRoute(Route[] children, KeyDistributor distributor) {
        this.children = children;
        this.distributor = distributor;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        int child = distributor.select(request.buffer(), request.keyIndex(), request.keyLength());
        children[child].start(call);
    }
}
