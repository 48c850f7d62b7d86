package io.memroute.proxy.handler.builtin;

import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The argument {@code local_zone}, and the child that it means. */
final class LocalZone {

    private static final String NAME = "local_zone";

    private LocalZone() {}

    /** A zone's name, or a position in a list. */
    static Argument<Optional<String>> argument(String meaning) {
        return Argument.of(
                NAME,
                "text",
                "`local_zone()`",
                meaning,
                reading -> reading.arguments().value(NAME) instanceof Long position
                        ? Optional.of(position.toString())
                        : reading.arguments().text(NAME));
    }

    /** The zone that a route is in: its argument's, else the proxy's. */
    static Optional<Zone> of(Reading reading, Argument<Optional<String>> argument) {
        return argument.in(reading)
                .map(name -> new Zone(name, "the argument " + NAME, reading.where()))
                .or(reading::localZone);
    }

    /** The child of a zone, if there is one. */
    static Optional<ZonedChild> find(List<ZonedChild> children, String zone) {
        return children.stream().filter(child -> child.zone().equals(zone)).findFirst();
    }

    /** The child of a zone, which must be there. */
    static Optional<ZonedChild> childOf(Reading reading, List<ZonedChild> children, String zone) {
        Optional<ZonedChild> child = find(children, zone);
        if (child.isEmpty()) {
            List<String> zones = children.stream().map(ZonedChild::zone).toList();
            reading.arguments()
                    .fail("no child for the local zone " + LuaValues.quote(zone) + NearestName.hint(zone, zones)
                            + "; children has " + String.join(", ", zones));
        }
        return child;
    }

    /** Warns of children that look like zones, none of which is the local one. */
    static void reviewNames(Review review, List<ZonedChild> children) {
        boolean zoned = children.stream().noneMatch(child -> child.zone().matches("[0-9]+"));
        if (review.localZone().isPresent() && zoned) {
            review.warn(
                    Warning.Kind.UNKNOWN_ZONE,
                    "no child for the local zone \"" + review.localZone().get() + "\"; children has "
                            + children.stream().map(ZonedChild::zone).collect(Collectors.joining(", ")));
        }
    }
}
