package io.memroute.proxy.explain;

import io.memroute.proxy.config.SourceLocation;
import java.util.List;
import java.util.Optional;

/**
 * The way of a command, and its outcome.
 *
 * @param command as it was asked
 * @param tag the listener's, {@code ""} without one
 * @param routes the call of {@code routes{}} that holds for the listener; empty if none does
 * @param access what the rules of {@code access{}} say; empty if there are none
 * @param notRouted why no route is asked, if none is; the keys are empty then
 * @param keys one for each key of the command, in its order
 */
public record Explanation(
        String command,
        String tag,
        Optional<SourceLocation> routes,
        Optional<Judgement> access,
        Optional<String> notRouted,
        List<Key> keys) {

    /**
     * @param lookups the parts of {@code routes{}} that were looked at, the last one decides
     * @param route the tree of routes below it; empty if nothing matched
     * @param chance whether what happens depends on chance: then {@code scenarios} are possible courses, not the only
     *     ones
     */
    public record Key(
            String key, List<Lookup> lookups, Optional<Step> route, boolean chance, List<Scenario> scenarios) {}

    /**
     * A look at {@code map}, {@code cmap} or {@code default}.
     *
     * @param rule the name of the entry that was taken; empty if there was none
     * @param finding what was found, in words
     * @param where the route that was taken
     */
    public record Lookup(String part, Optional<String> rule, String finding, Optional<SourceLocation> where) {}

    /**
     * A route on the way.
     *
     * @param name its argument {@code name}
     * @param does what it does with the command, in words
     */
    public record Step(
            String handler, Optional<String> name, SourceLocation where, String does, List<Child> children) {}

    /** @param role the argument, or the zone or position in {@code children} */
    public record Child(String role, Target target) {}

    /** A target of a route. */
    public sealed interface Target {}

    /**
     * A pool, and the backend that the key has in it.
     *
     * @param hash the 64 bits that the distribution gets
     * @param hashed the part of the key that is hashed
     * @param slot the backend's place in the pool's list, 0-based
     * @param backend its address
     * @param label what it is called, if that is something else
     * @param down whether it is down, by configuration or because the question says so
     */
    public record PoolChoice(
            String pool,
            SourceLocation where,
            String hash,
            String hashed,
            int slot,
            int backends,
            String backend,
            Optional<String> label,
            boolean down)
            implements Target {}

    /** The embedded store. */
    public record Embedded() implements Target {}

    /** Another route. */
    public record Nested(Step route) implements Target {}

    /** @param condition which backends are supposed to be down, or to hold the key */
    public record Scenario(String condition, Course course) {}
}
