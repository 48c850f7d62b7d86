package io.memroute.lua.syntax;

/**
 * A place in the source that running code can be at: what it does there tells messages and tracebacks the names of
 * things.
 */
public interface Site {
    int line();

    /** An assignment to a field, as opposed to reading it. */
    record Store(Expression.Index target) implements Site {
        @Override
        public int line() {
            return target.line();
        }
    }

    /** A call in tail position that was made as an ordinary one: its function counts as left already. */
    record TailCall(Expression call) implements Site {
        @Override
        public int line() {
            return call.line();
        }
    }

    /** A function that an error is leaving, while its to-be-closed variables are closed: it counts as left already. */
    record Unwinding(int line) implements Site {}

    /** The end of a scope in which a to-be-closed variable is closed. */
    record Closing(int line) implements Site {}
}
