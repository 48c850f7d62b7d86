package io.memroute.proxy.route;

import java.util.Map;
import java.util.OptionalLong;

/**
 * The moments at which the periodic work of a configuration is due next. The following configuration takes them over
 * for work that it has too, so that frequent reloads do not put it off for ever. Immutable.
 *
 * @param dueNanos by {@link System#nanoTime}
 */
public record Turns(Map<Work, Long> dueNanos) {

    /** The turns of a configuration that does nothing by itself. */
    public static final Turns NONE = new Turns(Map.of());

    /** Something that a configuration does every so often. */
    public record Work(String name, long everySeconds) {}

    public Turns {
        dueNanos = Map.copyOf(dueNanos);
    }

    /** The moment for a piece of work; empty if the configuration did not have it. */
    public OptionalLong of(Work work) {
        Long due = dueNanos.get(work);
        return due == null ? OptionalLong.empty() : OptionalLong.of(due);
    }
}
