package io.memroute.app.doctor;

import java.util.Comparator;
import java.util.Locale;

/**
 * Something that is wrong, or that could not be looked at.
 *
 * @param rule the kind of fault, which is the name of the rule that found it
 * @param proxy the address that the proxy was asked at
 * @param subject the server, pool or route; may be empty
 * @param problem what is wrong, with the numbers that show it
 * @param advice what to look at or to do next
 * @param weight how bad it is among findings of one kind, on a scale of their own; larger is worse
 */
public record Finding(
        Severity severity, Kind rule, String proxy, String subject, String problem, String advice, double weight) {

    /** The weight of a finding. */
    public enum Severity {
        /** Clients are served wrongly or not at all, or will be soon. */
        CRITICAL,
        /** Something to look at by daylight. */
        WARNING,
        /** Something to know that need not be wrong. */
        NOTE
    }

    /** The kinds of faults, the worst first: those that cost requests, those that cost time, and threats. */
    public enum Kind {
        NO_ANSWER,
        NOT_READY,
        ERRORS,
        SERVER_DOWN,
        REPLICAS_DIFFER,
        RELOAD_FAILED,
        SLOW_SERVER,
        LOOP_LAG,
        SHORT_TIMEOUT,
        FLAPPING,
        FAILOVER_IN_USE,
        CONNECTIONS_NEAR_LIMIT,
        DESCRIPTORS_NEAR_LIMIT,
        UNBALANCED_POOL,
        NEVER_WARMS,
        REPLICAS_NOT_COMPARED,
        WATCHERS_LOSE_LINES;

        /** Its name in JSON and in the documentation. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The worst first. */
    static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::rule)
            .thenComparing(Comparator.comparingDouble(Finding::weight).reversed());
}
