package io.memroute.proxy.metrics;

import io.memroute.proxy.access.QuotaKind;
import java.util.Map;

/**
 * The clients with one identity, added up over all workers; those to whom rules have been applied.
 *
 * @param identity the name that tells them best from others, as rules name it; {@code anonymous} for those without any
 * @param denied requests refused by the rules of access
 * @param exceeded requests above a limit, by what is limited; every kind is there
 */
public record IdentityNumbers(String identity, long denied, Map<QuotaKind, Long> exceeded) {}
