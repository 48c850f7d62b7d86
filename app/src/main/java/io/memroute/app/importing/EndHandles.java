package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import java.util.List;

/** The handles that answer by themselves, and those that have no counterpart. */
final class EndHandles {

    static final List<Kind> ALL = List.of(
            Kind.of("LoggingRoute", EndHandles::logging, McrouterHandle.TARGET),
            Kind.of("ErrorRoute", EndHandles::error, "response"),
            Kind.of("NullRoute", EndHandles::nothing),
            Kind.of("DevNullRoute", EndHandles::nothing));

    private EndHandles() {}

    private static Object logging(McrouterHandle handle) {
        handle.report().missing(handle.line(), handle.type(), "requests are not logged; watch proxyreqs shows them");
        return handle.target();
    }

    private static Object error(McrouterHandle handle) {
        handle.report()
                .nearly(
                        handle.line(),
                        handle.type()
                                + handle.get("response")
                                        .map(text -> ": " + text.shown())
                                        .orElse(""),
                        "requests fail with SERVER_ERROR backend failure, whatever its text is");
        return handle.pools().down(handle.line());
    }

    private static Object nothing(McrouterHandle handle) {
        handle.report().exact(handle.line(), handle.type(), "route_null");
        return McrouterRoutes.call("route_null");
    }

    /**
     * A handle of a type that is not known here.
     *
     * @throws ImportException if it is no name of a route
     */
    static Object unsupported(McrouterHandle handle) {
        if (!handle.type().endsWith("Route")) {
            throw new ImportException(handle.line(), "mcrouter has no route \"" + handle.type() + "\"");
        }
        if (handle.get(McrouterHandle.TARGET).isPresent()) {
            handle.report().missing(handle.line(), handle.type(), "has no counterpart; requests go to its target");
            return handle.target();
        }
        handle.report().missing(handle.line(), handle.type(), "has no counterpart: requests that get here fail");
        return handle.pools().down(handle.line());
    }
}
