package io.memroute.proxy.access;

import java.util.Objects;

/**
 * All rules about clients.
 *
 * @param access what they may do
 */
public record ClientRules(AccessRules access) {

    /** No rules. */
    public static final ClientRules NONE = new ClientRules(AccessRules.NONE);

    public ClientRules {
        Objects.requireNonNull(access, "access");
    }
}
