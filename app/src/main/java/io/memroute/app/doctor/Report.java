package io.memroute.app.doctor;

import java.util.List;

/**
 * The findings about some proxies.
 *
 * @param proxies the addresses
 * @param findings the worst first
 */
public record Report(List<String> proxies, List<Finding> findings) {

    public Report {
        proxies = List.copyOf(proxies);
        findings = findings.stream().sorted(Finding.WORST_FIRST).toList();
    }

    boolean isCritical() {
        return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.CRITICAL);
    }

    /** Whether there is nothing but notes. */
    boolean isClean() {
        return findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
    }
}
