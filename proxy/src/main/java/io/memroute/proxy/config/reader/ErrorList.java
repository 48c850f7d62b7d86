package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.SourceLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the errors of one load, so that an operator sees all of them at once. */
final class ErrorList {

    /** A set, because a route placed at several positions is read at each. */
    private final Set<ConfigError> errors = new LinkedHashSet<>();

    void add(SourceLocation where, String message) {
        errors.add(new ConfigError(where, message));
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    /** All errors, file by file in the order in which the files first had one, by place within a file. */
    List<ConfigError> sorted() {
        List<String> files = errors.stream().map(ConfigError::file).distinct().toList();
        List<ConfigError> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.<ConfigError>comparingInt(error -> files.indexOf(error.file()))
                .thenComparingInt(ConfigError::line)
                .thenComparingInt(error -> error.where().column()));
        return sorted;
    }
}
