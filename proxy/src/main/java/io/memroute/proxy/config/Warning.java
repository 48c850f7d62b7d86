package io.memroute.proxy.config;

import io.memroute.proxy.text.Shown;
import java.util.Objects;
import java.util.Optional;

/**
 * Something in a configuration that is allowed but surely not meant, or a note: that may well be meant.
 *
 * @param kind what it is about, in a word for programs
 * @param where the file and line to look at
 * @param message what is suspicious, without the location
 * @param source the line of the file that is meant; empty if it is not known
 */
public record Warning(Kind kind, SourceLocation where, String message, Optional<String> source) {

    public Warning {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(where, "where");
        message = Shown.text(message);
        Objects.requireNonNull(source, "source");
    }

    /** A warning of which the line is not known. */
    public Warning(Kind kind, SourceLocation where, String message) {
        this(kind, where, message, Optional.empty());
    }

    /** The same with its line. */
    public Warning quoting(SourceLines lines) {
        return new Warning(kind, where, message, lines.line(where));
    }

    private String level() {
        return kind.isNote() ? "note" : "warning";
    }

    /** {@code file:line:column: warning: message}, and below it the line with a mark under the place. */
    public String quoted() {
        return where.precisely() + ": " + level() + ": " + message + Excerpt.after(where, source);
    }

    /** The subjects of warnings. */
    public enum Kind {
        /** No route reaches a pool. */
        UNUSED_POOL,
        /** A pool lists a backend more than once, or two of one name. */
        DUPLICATE_BACKEND,
        /** All backends of a pool are configured as down. */
        POOL_DOWN,
        /** Children of a route that put every key on the same backend. */
        SAME_BACKENDS,
        /** A choice among children whose own choice follows from it. */
        SAME_HASH,
        /** Children of a route that are never asked. */
        NEVER_ASKED,
        /** The local zone is none of the zones of a route. */
        UNKNOWN_ZONE,
        /** Requests that no route takes. */
        NO_DEFAULT,
        /** Listeners that no route tree is for. */
        NO_UNTAGGED_ROUTES,
        /** A tag that only a listener has, or only routes. */
        UNKNOWN_TAG,
        /** A later definition that replaces one as a whole. */
        REPLACED,
        /** A number that is legal, but looks as if it was meant in another unit, or that is changed. */
        DOUBTFUL_VALUE,
        /** A host that cannot be reached by this name or address. */
        DOUBTFUL_HOST,
        /** A label that two addresses share, or that was meant as something else. */
        DOUBTFUL_LABEL,
        /** A prefix that looks as if it was meant otherwise than byte by byte. */
        DOUBTFUL_PREFIX,
        /** A route that is part of no tree. */
        UNUSED_ROUTE,
        /** A rule about clients that never decides, or a part of one. */
        SHADOWED_RULE,
        /** A client that a rule names and that no listener can tell from others. */
        UNKNOWN_CLIENT,
        /** A name that nothing defines, and that Lua therefore takes for nil. */
        UNDEFINED_NAME,
        /** A {@code cmap} entry that requests do not come to which it seems meant for. */
        OVERRIDDEN,
        /** Values that come back after they were deleted. */
        STALE_GUTTER,
        /** A {@code cas} that goes to servers which did not give out its number. */
        CAS_ON_SEVERAL,
        /** The same, for clients that send it: no entry of its own says where it goes. */
        CAS_BY_DEFAULT,
        /** Commands that a route refuses. */
        REFUSED_COMMANDS,
        /** A file of a secret that every user of the machine can read. */
        READABLE_SECRET,
        /** A certificate that has expired, or soon will. */
        EXPIRING_CERTIFICATE,
        /** Arguments that change nothing. */
        NO_EFFECT;

        /** Whether it does no harm unless clients do what many never do. */
        public boolean isNote() {
            return this == CAS_BY_DEFAULT;
        }
    }

    /** {@code file:line: warning: message}, as compilers write it. */
    @Override
    public String toString() {
        return where + ": " + level() + ": " + message;
    }
}
