package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;

/** The meaning of commands and their replies to a {@link WarmRoute}. */
public final class WarmCommands {

    /** {@code gat TTL KEY}. */
    private static final int GAT_TTL = 1;

    /** {@code touch KEY TTL}. */
    private static final int TOUCH_TTL = 2;

    private WarmCommands() {}

    /** Whether it replaces the item whatever there is. */
    public static boolean setsUnconditionally(Request request) {
        if (request.command() == Command.SET) {
            return true;
        }
        if (request.command() != Command.MS || request.hasFlag('C')) {
            return false;
        }
        return request.flagTokenIndex('M') < 0 || hasMode(request, 's');
    }

    /** Whether it deletes the item, or marks it as stale, whatever there is. */
    public static boolean deletesUnconditionally(Request request) {
        return request.command() == Command.DELETE || request.command() == Command.MD && !request.hasFlag('C');
    }

    /** Whether it makes an item where there is none, and does something else where there is one. */
    public static boolean makesItem(Request request) {
        return switch (request.command()) {
            case ADD -> true;
            case MA -> request.hasFlag('N');
            case MS -> hasMode(request, 'e') || hasModeOnItem(request) && request.hasFlag('N');
            default -> false;
        };
    }

    /** Whether warm's reply is of an item that is out of date, or of a place held for one that has not come. */
    static boolean isStaleOrEmpty(Reply reply) {
        return reply.hasFlag('X') || reply.hasFlag('Z') || reply.hasFlag('W');
    }

    /** The index of the time to live that a get or touch gives the item, negative if it gives none. */
    static int ttlToken(Request request) {
        return switch (request.command()) {
            case GAT, GATS -> request.tokenIndex(GAT_TTL);
            case TOUCH -> request.tokenIndex(TOUCH_TTL);
            case MG -> request.flagTokenIndex('T');
            default -> -1;
        };
    }

    static int ttlLength(Request request) {
        return switch (request.command()) {
            case MG -> request.flagTokenLength('T');
            case TOUCH -> request.tokenLength(TOUCH_TTL);
            default -> request.tokenLength(GAT_TTL);
        };
    }

    /** Whether the reply says that cold does not have what the command needs. */
    static boolean missesItem(Request request, Reply reply) {
        return switch (reply.type()) {
            case NOT_FOUND, NF -> true;
            case NOT_STORED -> request.command() != Command.ADD;
            case NS -> hasModeOnItem(request);
            default -> false;
        };
    }

    /** Whether an {@code ms} appends, prepends or replaces. */
    private static boolean hasModeOnItem(Request request) {
        return hasMode(request, 'a') || hasMode(request, 'p') || hasMode(request, 'r');
    }

    /** @param letter lower case; requests may have either */
    private static boolean hasMode(Request request, int letter) {
        int mode = request.flagTokenIndex('M');
        return mode >= 0
                && request.flagTokenLength('M') == 1
                && (request.buffer().getByte(mode) | 0x20) == letter;
    }

    /** Whether the command has been done. */
    static boolean changedItem(Reply reply) {
        return switch (reply.type()) {
            case STORED, NUMBER, HD, VA -> true;
            default -> false;
        };
    }
}
