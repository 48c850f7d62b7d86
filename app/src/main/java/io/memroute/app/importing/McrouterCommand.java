package io.memroute.app.importing;

import java.util.List;

/**
 * A command of memroute's, and the operation of mcrouter's that it is routed as. mcrouter does not know the meta
 * commands {@code ms}, {@code md}, {@code ma} and the newer {@code mg}: they go the way of what they do.
 */
record McrouterCommand(String word, String operation, Kind kind) {

    /** The kinds of operations that mcrouter's routes tell apart. */
    enum Kind {
        GET,
        /** Commands that store an item with a time to live that a route can replace. */
        STORE,
        /** Commands that change an item. */
        UPDATE,
        DELETE,
        ARITHMETIC,
        TOUCH
    }

    static final List<McrouterCommand> ALL = List.of(
            new McrouterCommand("get", "get", Kind.GET),
            new McrouterCommand("gets", "gets", Kind.GET),
            new McrouterCommand("gat", "gat", Kind.GET),
            new McrouterCommand("gats", "gats", Kind.GET),
            new McrouterCommand("mg", "get", Kind.GET),
            new McrouterCommand("me", "metaget", Kind.GET),
            new McrouterCommand("set", "set", Kind.STORE),
            new McrouterCommand("add", "add", Kind.STORE),
            new McrouterCommand("cas", "cas", Kind.STORE),
            new McrouterCommand("ms", "set", Kind.STORE),
            new McrouterCommand("replace", "replace", Kind.UPDATE),
            new McrouterCommand("append", "append", Kind.UPDATE),
            new McrouterCommand("prepend", "prepend", Kind.UPDATE),
            new McrouterCommand("delete", "delete", Kind.DELETE),
            new McrouterCommand("md", "delete", Kind.DELETE),
            new McrouterCommand("incr", "incr", Kind.ARITHMETIC),
            new McrouterCommand("decr", "decr", Kind.ARITHMETIC),
            new McrouterCommand("ma", "incr", Kind.ARITHMETIC),
            new McrouterCommand("touch", "touch", Kind.TOUCH));

    boolean reads() {
        return kind == Kind.GET;
    }

    boolean deletes() {
        return kind == Kind.DELETE;
    }

    /** The commands that {@code failover_errors} means with it; empty if it means none. */
    String family() {
        return switch (kind) {
            case GET -> "gets";
            case DELETE -> "deletes";
            case STORE, UPDATE -> "updates";
            case ARITHMETIC, TOUCH -> "";
        };
    }
}
