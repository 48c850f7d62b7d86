package io.memroute.proxy.handler;

import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.route.NullRoute;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.IgnoredCalls;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts that the routes of one worker are made of. Used on its thread, while a configuration is compiled. */
public interface Parts {

    WorkerContext worker();

    /** The route of a specification, made once however often it is referred to. */
    Route route(HandlerSpec spec);

    /** The route to a child. */
    Route child(ChildSpec child);

    /** The routes to children, in their order. */
    Route[] children(List<ZonedChild> children);

    /** Gives each of several routes a limited time, if there is a limit. */
    Route[] timed(Route[] routes, Optional<Duration> maxWait);

    /** The user counter of a name. */
    UserCounter counter(String name);

    /** The user counter of a name, if there is a name. */
    default @Nullable UserCounter counter(Optional<String> name) {
        return name.map(this::counter).orElse(null);
    }

    /** Sends what nobody waits for. */
    IgnoredCalls ignored();

    /** Answers that there is nothing. */
    NullRoute nothing();

    /** Requests that routes write themselves. */
    OwnRequest.Source requests();

    /** The one object that the routes of a specification share on all workers. */
    <T> T shared(HandlerSpec spec, Supplier<T> maker);

    /**
     * The object that the route with this key has had in the configuration before, else a new one. For makers of
     * {@linkplain #shared shared} objects, which run once for each route.
     *
     * @param key what must be equal in both configurations: a text that starts with the name of the handler, or a
     *     record of the handler's own. The object of a key has always the same class
     */
    <T> T lasting(Object key, Supplier<T> maker);

    /** The route that functions in Lua make. */
    Route inLua(LuaHandlerSpec spec);
}
