package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;

/** The meaning of commands and their replies to a {@link WarmRoute}. */
public final class WarmCommands {

    private WarmCommands() {}

    /** Whether it replaces the item whatever there is. */
    static boolean setsUnconditionally(Request request) {
        if (request.command() == Command.SET) {
            return true;
        }
        if (request.command() != Command.MS || request.hasFlag('C')) {
            return false;
        }
        int mode = request.flagTokenIndex('M');
        return mode < 0
                || request.flagTokenLength('M') == 1 && (request.buffer().getByte(mode) | 0x20) == 's';
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
        int mode = request.flagTokenIndex('M');
        if (mode < 0 || request.flagTokenLength('M') != 1) {
            return false;
        }
        int letter = request.buffer().getByte(mode) | 0x20;
        return letter == 'a' || letter == 'p' || letter == 'r';
    }

    /** Whether the command has been done. */
    static boolean changedItem(Reply reply) {
        return switch (reply.type()) {
            case STORED, TOUCHED, NUMBER, HD, VA -> true;
            default -> false;
        };
    }
}
