package io.memroute.proxy.route;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.backend.Backend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of the routes of one listener tag: picks a route by key prefix and command. Owned by one worker's thread.
 *
 * @see "docs/reference/route-library.md section 1.10.2"
 */
public final class Router {

    /** The routes by command id, with gaps; none without {@code map}. */
    private final @Nullable PrefixTable<Route[]> prefixes;
    /** Routes by command id; gaps among storage commands filled with the default. */
    private final Route[] byCommand;

    private final List<Backend> reachable;
    private final boolean judgesFlagTexts;

    /**
     * @param prefixes none without {@code map}
     * @param byCommand by command id, with a route for every storage command; commands of administration may follow,
     *     with gaps
     */
    public Router(@Nullable PrefixTable<Route[]> prefixes, Route[] byCommand, List<Backend> reachable) {
        this(prefixes, byCommand, reachable, false);
    }

    /** @param judgesFlagTexts see {@link #judgesFlagTexts()} */
    public Router(
            @Nullable PrefixTable<Route[]> prefixes,
            Route[] byCommand,
            List<Backend> reachable,
            boolean judgesFlagTexts) {
        this.prefixes = prefixes;
        this.byCommand = byCommand;
        this.reachable = List.copyOf(reachable);
        this.judgesFlagTexts = judgesFlagTexts;
    }

    /** The route of a storage command. */
    public Route route(Request request) {
        int command = request.command().id();
        if (prefixes != null) {
            Route[] ofPrefix = prefixes.find(request);
            if (ofPrefix != null && ofPrefix[command] != null) {
                return ofPrefix[command];
            }
        }
        return byCommand[command];
    }

    /** The route of a command that is no storage command; none if such commands are not routed. */
    public @Nullable Route administrative(Command command) {
        return command.id() < byCommand.length ? byCommand[command.id()] : null;
    }

    /**
     * Whether its routes are also given requests that are malformed by nothing but the text behind a meta flag: a
     * program may put that right, or mean something by it. Other requests like that are refused before they are routed.
     */
    public boolean judgesFlagTexts() {
        return judgesFlagTexts;
    }

    /** Every backend that some request can be sent to, each once. */
    List<Backend> reachableBackends() {
        return reachable;
    }
}
