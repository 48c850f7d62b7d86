package io.memroute.proxy.config.source;

import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the errors and warnings of one load, so that an operator sees all of them at once. */
public final class Findings {

    /** A set, because a route placed at several positions is read at each. */
    private final Set<ConfigError> errors = new LinkedHashSet<>();

    private final Warnings warnings = new Warnings();

    /** Notes what keeps the configuration from being used. */
    public void error(SourceLocation where, String message) {
        errors.add(new ConfigError(where, message));
    }

    /** Notes what is legal, but surely not meant. */
    public void warn(Warning.Kind kind, SourceLocation where, String message) {
        warnings.add(kind, where, message);
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** All errors, file by file in the order in which the files first had one, by place within a file. */
    public List<ConfigError> errors() {
        List<ConfigError> sorted = new ArrayList<>(errors);
        sorted.sort(SourceLocation.inOrderOf(sorted, ConfigError::where));
        return sorted;
    }

    public Warnings warnings() {
        return warnings;
    }
}
