package io.memroute.proxy.handler;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.Warning;
import java.util.Optional;
import java.util.Set;

/** The search for what is suspicious about one route, at one place in a tree. */
public interface Review {

    /** The commands that get there. */
    Set<Command> commands();

    /** The text that all keys that get there begin with. */
    String beginning();

    /** The zone this proxy is in, if it is known. */
    Optional<String> localZone();

    /** Warns of something about the route. */
    void warn(Warning.Kind kind, String problem);

    /** Warns of children that put every key on the same backend. */
    void sameBackends(String consequence);

    /** Warns if the route chooses among its children, of which there is only one. */
    void choice();

    /**
     * Warns of a {@code cas} that gets to other servers than the one that gave out its number.
     *
     * @param firstAnswers whether clients see the replies of the first child only, or none: the route is at fault only
     *     if it is there for {@code cas}
     */
    void casOnSeveral(boolean firstAnswers);
}
