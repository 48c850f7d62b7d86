package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * Moves the keys of one pool to the servers of another. A key whose server is the same in both goes straight there. Any
 * other goes the way of a {@link WarmRoute}: its new server is asked first, and what only the old one has is written
 * over. When the old side has had nothing for a time, gets ask the new one alone. What stores or deletes goes to both
 * as before: a reload, or another proxy, may ask the old side again, and must not find there what is out of date.
 */
public final class ReshardRoute implements Route {

    private final Route to;
    private final WarmRoute moving;
    private final @Nullable Owners owners;
    private final ReshardProgress progress;

    /**
     * @param to the new side
     * @param moving asks both sides, and tells the progress what the old one had
     * @param owners the keys that stay, if that is known of any
     * @param progress shared with all workers
     */
    public ReshardRoute(Route to, WarmRoute moving, @Nullable Owners owners, ReshardProgress progress) {
        this.to = to;
        this.moving = moving;
        this.owners = owners;
        this.progress = progress;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        if (owners != null && owners.stays(request)
                || progress.isOver() && request.command().isGet() && !request.changesItem()) {
            moving.settle();
            to.start(call);
        } else {
            moving.start(call);
        }
    }

    /** The servers of keys in both pools. Immutable. */
    @FunctionalInterface
    public interface Owners {

        /** Whether a request's key has the same server before and after. */
        boolean stays(Request request);
    }
}
