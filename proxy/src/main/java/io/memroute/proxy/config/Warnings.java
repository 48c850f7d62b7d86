package io.memroute.proxy.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects warnings about one configuration; one that is found again counts once. */
public final class Warnings {

    private final Set<Warning> found = new LinkedHashSet<>();

    /**
     * Notes a warning.
     *
     * @param message what is suspicious and what happens instead, without the location
     */
    public void add(Warning.Kind kind, SourceLocation where, String message) {
        found.add(new Warning(kind, where, message));
    }

    /** Notes what others have noted. */
    public void addAll(List<Warning> others) {
        found.addAll(others);
    }

    /** All, file by file in the order in which the files first had one, by place within a file. */
    public List<Warning> sorted() {
        List<Warning> sorted = new ArrayList<>(found);
        sorted.sort(SourceLocation.inOrderOf(sorted, Warning::where));
        return sorted;
    }
}
