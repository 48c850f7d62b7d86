package io.memroute.proxy.explain;

import io.memroute.proxy.handler.Words;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value that differs between two configurations.
 *
 * @param name under which it is configured
 * @param before as people read it; empty if it is new
 * @param after empty if it is gone
 */
public record Change(String name, Optional<String> before, Optional<String> after) {

    /** Every name whose value differs, those of {@code before} first. */
    static List<Change> between(Map<String, Object> before, Map<String, Object> after) {
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (String name : names) {
            Optional<String> old = Optional.ofNullable(before.get(name)).map(Words::value);
            Optional<String> now = Optional.ofNullable(after.get(name)).map(Words::value);
            if (!old.equals(now)) {
                changes.add(new Change(name, old, now));
            }
        }
        return changes;
    }
}
