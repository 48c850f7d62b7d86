package io.memroute.proxy.explain;

import java.util.Set;

/**
 * The listeners that a configuration is for, as far as they matter to it.
 *
 * @param tags of all of them, {@code ""} for those without one
 * @param logins whether clients can log in
 * @param certificates whether clients can show certificates that are verified
 */
public record KnownListeners(Set<String> tags, boolean logins, boolean certificates) {
    public KnownListeners {
        tags = Set.copyOf(tags);
    }
}
