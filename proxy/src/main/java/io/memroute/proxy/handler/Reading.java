package io.memroute.proxy.handler;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.source.Section;
import java.util.List;
import java.util.Optional;

/**
 * The reading of one route: its arguments as they were written, and where it stands.
 *
 * @param children follows the names of pools, and nested routes
 * @param localZone the zone this proxy is in, if it is known
 */
public record Reading(Section arguments, Children children, RoutePosition position, Optional<Zone> localZone) {

    /** Reads arguments that are children. Each notes what is wrong. */
    public interface Children {

        /** The one child that an argument gives, which must be there. */
        Optional<ChildSpec> child(Section arguments, String name, RoutePosition position);

        /** The children that an argument gives, at least one. */
        Optional<List<ZonedChild>> children(Section arguments, String name, RoutePosition position);
    }

    /** The one child that an argument gives. */
    public Optional<ChildSpec> child(String name) {
        return children.child(arguments, name, position);
    }

    /** The children that an argument gives. */
    public Optional<List<ZonedChild>> children(String name) {
        return children.children(arguments, name, position);
    }

    /** The place of the call that made the route. */
    public SourceLocation where() {
        return arguments.place().where();
    }
}
