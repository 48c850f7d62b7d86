package io.memroute.proxy.handler;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.route.Route;
import java.util.List;

/**
 * A route with its arguments checked, which knows all that is to be known about it: its route on a worker, and the
 * answers to what an operator asks. A handler that leaves one of them open does not compile.
 */
public interface HandlerSpec extends RouteSpec {

    /** Everything it may send to, under the keys and in the order in which it takes them. */
    List<ZonedChild> children();

    /** Tells its arguments, defaults filled in; those that are optional and not given are left out. */
    void show(Shown to);

    /** Says in one sentence what it does with a request, and with its key where keys differ. */
    String words(Request request);

    /** The children that requests get to while all are well. */
    Spread spread();

    /** The differences between a request that gets here and what a child gets. */
    Changes changes();

    /** Whether the same request may take another way next time, though all is as it was. */
    boolean chance();

    /** Whether a request may be sent on in several steps, so that a later one of the same key has to wait. */
    boolean inSteps();

    /** The children that store items only while others fail. */
    List<ZonedChild> gutters();

    /** Warns of what is legal, but surely not meant. */
    void review(Review review);

    /** Makes the route of one worker. Its thread. */
    Route compile(Parts parts);

    /** A route of the model as a handler has made it. */
    static HandlerSpec of(RouteSpec route) {
        return (HandlerSpec) route;
    }
}
