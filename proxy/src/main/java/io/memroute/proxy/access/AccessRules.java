package io.memroute.proxy.access;

import java.util.List;

/**
 * The rules about what clients may do, in the order in which they are looked at: the first that is about a request
 * decides.
 *
 * @param allowOther whether requests that no rule is about are allowed
 */
public record AccessRules(List<AccessRule> rules, boolean allowOther) {

    /** No rules: every client may do everything. */
    public static final AccessRules NONE = new AccessRules(List.of(), true);

    public AccessRules {
        rules = List.copyOf(rules);
    }

    /** Whether some request may be refused. */
    public boolean mayRefuse() {
        return !allowOther || rules.stream().anyMatch(rule -> !rule.allows());
    }
}
