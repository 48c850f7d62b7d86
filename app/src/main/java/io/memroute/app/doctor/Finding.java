package io.memroute.app.doctor;

import java.util.Comparator;

/**
 * Something that is wrong.
 *
 * @param rule the name of the rule that found it
 * @param proxy the address that the proxy was asked at
 * @param subject the server, pool or route; may be empty
 * @param problem what is wrong, with the numbers that show it
 * @param advice what to look at or to do next
 * @param weight how bad it is among findings of one rule; larger is worse
 */
public record Finding(
        Severity severity, String rule, String proxy, String subject, String problem, String advice, double weight) {

    /** The weight of a finding. */
    public enum Severity {
        /** Clients are served wrongly or not at all, or will be soon. */
        CRITICAL,
        /** Something to look at by daylight. */
        WARNING
    }

    /** The worst first. */
    static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparing(Comparator.comparingDouble(Finding::weight).reversed());
}
