package io.memroute.proxy.config;

import io.memroute.proxy.text.Shown;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that is wrong with a configuration.
 *
 * @param where the file and line to look at
 * @param message what is wrong and what was expected, without the location; on one line
 * @param source the line of the file that is meant; empty if it is not known
 */
public record ConfigError(SourceLocation where, String message, Optional<String> source) {

    public ConfigError {
        Objects.requireNonNull(where, "where");
        message = Shown.text(message);
        Objects.requireNonNull(source, "source");
    }

    /** An error of which the line is not known. */
    public ConfigError(SourceLocation where, String message) {
        this(where, message, Optional.empty());
    }

    /** The same with its exact place and its line, unless it has a line. */
    public ConfigError quoting(SourceLines lines) {
        if (source.isPresent()) {
            return this;
        }
        SourceLocation place = lines.exactly(where, message);
        return new ConfigError(place, message, lines.line(place));
    }

    public String file() {
        return where.file();
    }

    /** The line, 1-based; 0 if only the file is known. */
    public int line() {
        return where.line();
    }

    /** {@code file:line:column: message}, which editors find the place by, and below it the line with a mark. */
    public String quoted() {
        return where.precisely() + ": " + message + Excerpt.after(where, source);
    }

    /** {@code file:line: message}, as an operator sees it. */
    @Override
    public String toString() {
        return where + ": " + message;
    }
}
