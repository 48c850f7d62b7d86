package io.memroute.proxy.handler;

import io.memroute.protocol.Request;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The children of a route that a request gets to while all are well, and those of them that may answer a get. */
public final class Spread {

    /** Every request to the first child alone. */
    public static final Spread FIRST = new Spread(Reply.FIRST, false, null);

    /** Every request to all children, each of which may answer. */
    public static final Spread ALL = new Spread(Reply.ANY, true, null);

    /** Every request to all children, the first of which answers. */
    public static final Spread FIRST_ANSWERS = new Spread(Reply.FIRST, true, null);

    /** Every request to all children, none of which answers. */
    public static final Spread NONE_ANSWERS = new Spread(Reply.NONE, true, null);

    /** Each request to one child; there is no telling which. */
    public static final Spread ONE = new Spread(Reply.ANY, false, null);

    private enum Reply {
        NONE,
        FIRST,
        ANY
    }

    private final Reply reply;
    private final boolean toAll;
    private final @Nullable ToIntFunction<Request> choice;

    private Spread(Reply reply, boolean toAll, @Nullable ToIntFunction<Request> choice) {
        this.reply = reply;
        this.toAll = toAll;
        this.choice = choice;
    }

    /** Each request to one child, which its key decides. */
    public static Spread byKey(ToIntFunction<Request> choice) {
        return new Spread(Reply.ANY, false, choice);
    }

    /** Returns how many of the children, from the first, may answer a get, unless the key decides. */
    public int mayAnswer(int children) {
        return switch (reply) {
            case NONE -> 0;
            case FIRST -> Math.min(1, children);
            case ANY -> children;
        };
    }

    /** The child that a key decides on; empty if keys do not decide. */
    public Optional<ToIntFunction<Request>> choice() {
        return Optional.ofNullable(choice);
    }

    /** Whether every request gets to a child. */
    public boolean isCertain(int child, int children) {
        return toAll || children == 1 || reply == Reply.FIRST && child == 0;
    }
}
