package io.memroute.proxy.config;

import java.util.Objects;

/**
 * Where in a configuration file something was written.
 *
 * @param file the file as it was named when it was loaded
 * @param line the line, 1-based; 0 if only the file is known
 */
public record SourceLocation(String file, int line) {

    public SourceLocation {
        Objects.requireNonNull(file, "file");
    }

    /** {@code file:line}, or the file alone. */
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
