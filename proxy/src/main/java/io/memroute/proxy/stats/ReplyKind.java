package io.memroute.proxy.stats;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import java.util.Locale;

/** The outcome of a request, as an operator counts it: the words of memcached's statistics for classic and meta. */
public enum ReplyKind {
    /** A get found the item: a value, {@code HD}. */
    HIT,
    /** A get did not: {@code END}, {@code EN}. */
    MISS,
    /** {@code STORED}, or {@code HD} to {@code ms}. */
    STORED,
    /** {@code NOT_STORED}, {@code NS}. */
    NOT_STORED,
    /** The item has changed since its CAS value was read: {@code EXISTS}, {@code EX}. */
    EXISTS,
    /** The item to be changed was not there: {@code NOT_FOUND}, {@code NF}. */
    NOT_FOUND,
    /**
     * Deleted, touched or counted, as asked for: {@code DELETED}, {@code TOUCHED}, a number, {@code HD}, {@code OK}.
     */
    OK,
    /** An error line, of a server or of the proxy, or something that is no reply. */
    ERROR;

    private static final int TYPES = ReplyType.values().length;

    /** Kinds by command and type of reply. */
    private static final ReplyKind[] KINDS = new ReplyKind[Command.values().length * TYPES];

    static {
        for (Command command : Command.values()) {
            for (ReplyType type : ReplyType.values()) {
                KINDS[command.ordinal() * TYPES + type.ordinal()] = judge(command, type);
            }
        }
    }

    private static ReplyKind judge(Command command, ReplyType type) {
        boolean get = command.isGet() || command == Command.ME;
        return switch (type) {
            case HD -> get ? HIT : command == Command.MS ? STORED : OK;
            case VALUE, ME -> HIT;
            case VA -> get ? HIT : OK;
            case END, EN -> MISS;
            case STORED -> STORED;
            case NS, NOT_STORED -> NOT_STORED;
            case EX, EXISTS -> EXISTS;
            case NF, NOT_FOUND -> NOT_FOUND;
            case MN, DELETED, TOUCHED, NUMBER, OK -> OK;
            case ERROR, CLIENT_ERROR, SERVER_ERROR, VERSION, STAT, UNKNOWN_META, UNKNOWN -> ERROR;
        };
    }

    /** The kind of a reply of that type to a command. */
    public static ReplyKind of(Command command, ReplyType type) {
        return KINDS[command.ordinal() * TYPES + type.ordinal()];
    }

    /** The word in metrics, {@code stats} and the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
