package io.memroute.proxy.config;

import java.util.Optional;

/** The lines of the files of a load, for those who show them. */
public interface SourceLines {

    /** The line of a place, without its end; empty if there is none, or if the file may not be read. */
    Optional<String> line(SourceLocation where);

    /**
     * A place that Lua has named in front of a message, with the full name of its file and the column that the message
     * is about; without a column if that is not certain.
     */
    SourceLocation exactly(SourceLocation where, String message);
}
