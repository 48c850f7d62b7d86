package io.memroute.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What still breaks a rule: a list that can only become shorter. */
final class Exceptions {

    private Exceptions() {}

    /** Fails for whatever breaks the rule and is not listed. */
    static void assertNoOthers(Set<String> listed, Collection<String> breaking, String rule) {
        Set<String> unlisted = new TreeSet<>(breaking);
        unlisted.removeAll(listed);
        assertThat(unlisted).as(rule).isEmpty();
    }

    /** Fails for whatever breaks the rule and is not listed, and for whatever is listed and does not break it. */
    static void assertOnly(Set<String> listed, Collection<String> breaking, String rule) {
        assertNoOthers(listed, breaking, rule);
        Set<String> stale = new TreeSet<>(listed);
        stale.removeAll(breaking);
        assertThat(stale)
                .as("exceptions that are no longer needed (%s): remove them from the list", rule)
                .isEmpty();
    }
}
