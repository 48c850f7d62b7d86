package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import java.util.List;

/** The handles that move data from one child to another. */
final class MoveHandles {

    /** {@code interval} of mcrouter. */
    private static final double DEFAULT_INTERVAL = 3600;

    static final List<Kind> ALL = List.of(
            Kind.of("WarmUpRoute", MoveHandles::warmUp, "cold", "warm", "exptime", "enable_metaget"),
            Kind.of("MigrateRoute", MoveHandles::migrate, "from", "to", "start_time", "interval"));

    private MoveHandles() {}

    private static Object warmUp(McrouterHandle handle) {
        Object cold = handle.routes().single(handle.required("cold"));
        Object warm = handle.routes().single(handle.required("warm"));
        handle.report().exact(handle.line(), handle.type(), "route_warm for gets, the cold child alone for all else");
        handle.report()
                .nearly(
                        handle.line(),
                        handle.type() + ": times",
                        "what is copied keeps its remaining time, for which warm must be memcached 1.6"
                                + handle.text("exptime")
                                        .map(time -> "; exptime " + time + " has no effect")
                                        .orElse(""));
        return handle.command().reads() ? McrouterRoutes.call("route_warm", "cold", cold, "warm", warm) : cold;
    }

    private static Object migrate(McrouterHandle handle) {
        Object from = handle.routes().single(handle.required("from"));
        Object to = handle.routes().single(handle.required("to"));
        long start = handle.number("start_time")
                .orElseThrow(() -> new ImportException(handle.line(), "MigrateRoute: needs \"start_time\""))
                .longValue();
        handle.report()
                .nearly(
                        handle.line(),
                        handle.type(),
                        "route_migrate: each key has another moment within the same time than in mcrouter, so do not"
                                + " let both run while keys move");
        return McrouterRoutes.call(
                "route_migrate",
                "from",
                from,
                "to",
                to,
                "start",
                start,
                "window",
                handle.number("interval").orElse(DEFAULT_INTERVAL).longValue());
    }
}
