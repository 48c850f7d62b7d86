package io.memroute.proxy.metrics;

import io.memroute.proxy.access.QuotaKind;
import java.util.Map;

/**
 * The clients with one identity, added up over all workers; those to whom rules have been applied.
 *
 * @param identity the name that tells them best from others, as rules name it; {@code anonymous} for those without any
 * @param requests that rules have been applied to, those of several keys once
 * @param denied requests refused by the rules of access
 * @param exceeded requests above a limit, by what is limited; every kind is there
 */
public record IdentityNumbers(String identity, long requests, long denied, Map<QuotaKind, Long> exceeded) {

    /** Requests above a limit on anything. */
    public long allExceeded() {
        return exceeded.values().stream().mapToLong(Long::longValue).sum();
    }
}
