package io.memroute.proxy.route;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All routes of one configuration on one worker. Requests in flight hold it, so that they finish on the routes and
 * backends they started with; the last one to leave a table that has been replaced lets its backends go. Owned by the
 * worker's thread.
 */
public final class RouteTable {

    private final Settings settings;
    private final Map<String, Router> byTag;
    private final @Nullable Router untagged;
    private final List<String> counterNames;
    private final BackendSource.Lease lease;
    private int requestsInFlight;
    private boolean replaced;

    /** @param lease what is released when the last request has left a table that was replaced */
    public RouteTable(
            Settings settings, Map<String, Router> byTag, List<String> counterNames, BackendSource.Lease lease) {
        this.settings = settings;
        this.byTag = Map.copyOf(byTag);
        this.untagged = byTag.get("");
        this.counterNames = List.copyOf(counterNames);
        this.lease = lease;
    }

    public Settings settings() {
        return settings;
    }

    /**
     * The router of a listener's connections: that of its tag, else the untagged one; without either the embedded store
     * answers.
     */
    public @Nullable Router router(String tag) {
        return byTag.getOrDefault(tag, untagged);
    }

    /** The tags that have a router of their own, {@code ""} for listeners without one. */
    public Set<String> tags() {
        return byTag.keySet();
    }

    /** The route of {@code flush_all}, which a configuration has to allow, for the connections of a router. */
    public Route flushAll(Router router) {
        return new FlushAllRoute(router.reachableBackends(), settings.allowFlushAll());
    }

    /** The counters that its routes count with, in the order in which they are shown. */
    public List<String> counterNames() {
        return counterNames;
    }

    /** A request begins to use this table. */
    public void enter() {
        requestsInFlight++;
    }

    /** A request has been answered, and everything that its routes have started. */
    public void leave() {
        requestsInFlight--;
        releaseIfDone();
    }

    /**
     * Another configuration has taken over: the backends that only this one uses go when its last request is answered.
     */
    public void replace() {
        replaced = true;
        releaseIfDone();
    }

    private void releaseIfDone() {
        if (replaced && requestsInFlight == 0) {
            lease.release();
        }
    }
}
