package io.memroute.proxy.config;

import io.memroute.proxy.text.Shown;
import java.util.Objects;

/**
 * One thing that is wrong with a configuration.
 *
 * @param where the file and line to look at
 * @param message what is wrong and what was expected, without the location; on one line
 */
public record ConfigError(SourceLocation where, String message) {

    public ConfigError {
        Objects.requireNonNull(where, "where");
        message = Shown.text(message);
    }

    public String file() {
        return where.file();
    }

    /** The line, 1-based; 0 if only the file is known. */
    public int line() {
        return where.line();
    }

    /** {@code file:line: message}, as an operator sees it. */
    @Override
    public String toString() {
        return where + ": " + message;
    }
}
