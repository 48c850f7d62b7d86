package io.memroute.proxy.handler;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.route.MissOnErrorRoute;
import io.memroute.proxy.route.NamedRoute;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.TimedRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A route with the arguments that all handlers have alike.
 *
 * @param maxWait how long the route has to begin its reply ({@code wait})
 * @param name what statistics and explanations call the route; its requests, hits, misses and errors are counted under
 *     it
 * @param missOnError whether gets miss where the route fails ({@code miss_on_error})
 */
public record CommonArguments(HandlerSpec route, Optional<Duration> maxWait, Optional<String> name, boolean missOnError)
        implements HandlerSpec {

    /** Limits the time of the route. */
    static final String WAIT = "wait";

    /** Gives the route a name. */
    static final String NAME = "name";

    /** Has gets miss where the route fails. */
    public static final String MISS_ON_ERROR = "miss_on_error";

    public CommonArguments {
        if (maxWait.isPresent() && (maxWait.get().isZero() || maxWait.get().isNegative())) {
            throw new IllegalArgumentException("a wait is more than zero");
        }
    }

    /** The route, with the arguments if there are any. */
    public static HandlerSpec around(
            HandlerSpec route, Optional<Duration> maxWait, Optional<String> name, boolean missOnError) {
        return maxWait.isEmpty() && name.isEmpty() && !missOnError
                ? route
                : new CommonArguments(route, maxWait, name, missOnError);
    }

    /** The name that a route has been given. */
    public static Optional<String> nameOf(HandlerSpec route) {
        return route instanceof CommonArguments common ? common.name : Optional.empty();
    }

    @Override
    public String handler() {
        return route.handler();
    }

    @Override
    public SourceLocation where() {
        return route.where();
    }

    @Override
    public List<ZonedChild> children() {
        return route.children();
    }

    @Override
    public void show(Shown to) {
        route.show(to);
        to.put(WAIT, maxWait)
                .put(MISS_ON_ERROR, missOnError ? Optional.of(true) : Optional.empty())
                .put(NAME, name);
    }

    @Override
    public String words(Request request) {
        return route.words(request)
                + maxWait.map(wait -> "; " + Words.seconds(wait) + " s at most").orElse("")
                + (missOnError && request.command().isGet() ? "; misses if it fails" : "");
    }

    @Override
    public Spread spread() {
        return route.spread();
    }

    @Override
    public Changes changes() {
        return route.changes();
    }

    @Override
    public boolean chance() {
        return route.chance();
    }

    @Override
    public boolean inSteps() {
        return route.inSteps();
    }

    @Override
    public List<ZonedChild> gutters() {
        return route.gutters();
    }

    @Override
    public void review(Review review) {
        route.review(review);
    }

    @Override
    public Route compile(Parts parts) {
        Route made = parts.route(route);
        if (maxWait.isPresent()) {
            made = new TimedRoute(made, maxWait.get().toNanos(), parts.worker());
        }
        if (name.isPresent()) {
            made = new NamedRoute(made, counters(parts, name.get()), parts.worker());
        }
        return missOnError
                ? new MissOnErrorRoute(made, parts.nothing(), parts.worker().counters())
                : made;
    }

    private static NamedRoute.Counters counters(Parts parts, String name) {
        return new NamedRoute.Counters(
                parts.counter(name + NamedRoute.Counters.REQUESTS),
                parts.counter(name + NamedRoute.Counters.HITS),
                parts.counter(name + NamedRoute.Counters.MISSES),
                parts.counter(name + NamedRoute.Counters.ERRORS),
                parts.worker().routeTimes().of(name));
    }
}
