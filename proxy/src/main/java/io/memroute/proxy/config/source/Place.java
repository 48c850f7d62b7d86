package io.memroute.proxy.config.source;

import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.source.ConstructorIndex.Constructor;
import java.util.Map;
import java.util.Optional;

/** The place of a Lua value in a file, and of the values in it, as far as the source text tells. */
public sealed interface Place {

    SourceLocation where();

    /** The place of the value at a key: a {@code String}, or a {@code Long} for a position. */
    Place field(Object key);

    /** A place about whose fields nothing more is known. */
    static Place at(SourceLocation where) {
        return new InText(where, Optional.empty());
    }

    /**
     * A table as the text shows it.
     *
     * @param constructor the table's constructor; empty if the table was made elsewhere
     */
    record InText(SourceLocation where, Optional<Constructor> constructor) implements Place {

        @Override
        public Place field(Object key) {
            int line = constructor.map(table -> table.lineOf(key)).orElse(-1);
            return new InText(
                    line > 0
                            ? new SourceLocation(
                                    where.file(), line, constructor.get().columnOf(key))
                            : where,
                    constructor.flatMap(table -> table.valueOf(key)));
        }
    }

    /** Values that were given one by one, each by a call of its own. */
    record OfCalls(SourceLocation where, Map<String, SourceLocation> calls) implements Place {

        @Override
        public Place field(Object key) {
            return Place.at(calls.getOrDefault(key, where));
        }
    }
}
