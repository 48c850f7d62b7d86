package io.memroute.proxy.config;

import io.memroute.proxy.text.Shown;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A place in a configuration file.
 *
 * @param file the file as it was named when it was loaded
 * @param line the line, 1-based; 0 if only the file is known
 * @param column the character in the line at which the name or key begins that is meant, 1-based; 0 if that is not
 *     known
 */
public record SourceLocation(String file, int line, int column) {

    public SourceLocation {
        Objects.requireNonNull(file, "file");
    }

    /** A place of which no column is known. */
    public SourceLocation(String file, int line) {
        this(file, line, 0);
    }

    /** {@code file:line:column} as far as it is known, as compilers write it. */
    public String precisely() {
        return column > 0 ? this + ":" + column : toString();
    }

    /** Orders findings by file, in the order in which a list first names the files, and by place within a file. */
    public static <T> Comparator<T> inOrderOf(List<T> findings, Function<T, SourceLocation> where) {
        List<String> files = findings.stream()
                .map(finding -> where.apply(finding).file())
                .distinct()
                .toList();
        return Comparator.comparing(
                where,
                Comparator.<SourceLocation>comparingInt(place -> files.indexOf(place.file()))
                        .thenComparingInt(SourceLocation::line)
                        .thenComparingInt(SourceLocation::column));
    }

    /** {@code file:line}, or the file alone. */
    @Override
    public String toString() {
        return Shown.text(line > 0 ? file + ":" + line : file);
    }
}
