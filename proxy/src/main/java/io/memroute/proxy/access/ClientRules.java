package io.memroute.proxy.access;

import java.util.List;
import java.util.Objects;

/**
 * All rules about clients.
 *
 * @param access what they may do
 * @param quotas what they may use; all that are about a client hold
 */
public record ClientRules(AccessRules access, List<QuotaRule> quotas) {

    /** No rules. */
    public static final ClientRules NONE = new ClientRules(AccessRules.NONE, List.of());

    public ClientRules {
        Objects.requireNonNull(access, "access");
        quotas = List.copyOf(quotas);
    }
}
