package io.memroute.protocol;

import java.nio.charset.StandardCharsets;

/** Every command word of the text protocols. {@link #id()} is the number that scripts see as {@code mcp.CMD_*}. */
public enum Command {
    MG(1, "mg"),
    MS(2, "ms"),
    MD(3, "md"),
    MN(4, "mn"),
    MA(5, "ma"),
    ME(6, "me"),
    GET(7, "get"),
    GAT(8, "gat"),
    SET(9, "set"),
    ADD(10, "add"),
    CAS(11, "cas"),
    GETS(12, "gets"),
    GATS(13, "gats"),
    INCR(14, "incr"),
    DECR(15, "decr"),
    TOUCH(16, "touch"),
    APPEND(17, "append"),
    DELETE(18, "delete"),
    REPLACE(19, "replace"),
    PREPEND(20, "prepend"),
    QUIT(22, "quit"),
    STATS(23, "stats"),
    SLABS(24, "slabs"),
    WATCH(25, "watch"),
    LRU(26, "lru"),
    VERSION(27, "version"),
    SHUTDOWN(28, "shutdown"),
    EXTSTORE(29, "extstore"),
    FLUSH_ALL(30, "flush_all"),
    VERBOSITY(31, "verbosity"),
    LRU_CRAWLER(32, "lru_crawler"),
    REFRESH_CERTS(33, "refresh_certs"),
    CACHE_MEMLIMIT(34, "cache_memlimit"),
    /** A word that memcached does not know either; the request's error is {@link RequestError#UNKNOWN_COMMAND}. */
    UNKNOWN(0, "");

    /** The highest {@link #id()} of a command on a key (or, for {@code mn}, between such commands). */
    private static final int LAST_STORAGE_ID = 20;

    private static final Command[] BY_ID = new Command[35];

    static {
        for (Command command : values()) {
            BY_ID[command.id] = command;
        }
    }

    private final int id;
    private final String word;
    private final byte[] bytes;

    Command(int id, String word) {
        this.id = id;
        this.word = word;
        this.bytes = word.getBytes(StandardCharsets.US_ASCII);
    }

    /** The number scripts know this command by, 1 to 34; 0 for {@link #UNKNOWN}. */
    public int id() {
        return id;
    }

    /** The word on the wire, for example {@code "flush_all"}; empty for {@link #UNKNOWN}. */
    public String word() {
        return word;
    }

    /** The word's bytes, not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether this is one of the six {@code m?} commands. */
    public boolean isMeta() {
        return id != 0 && id <= ME.id;
    }

    /** Whether a value block follows the command line. */
    public boolean hasValue() {
        return switch (this) {
            case MS, SET, ADD, CAS, APPEND, REPLACE, PREPEND -> true;
            default -> false;
        };
    }

    /**
     * Returns whether this command stores a value under a key that may be new, with a time to live of its own:
     * {@code ms}, {@code set}, {@code add} and {@code cas}.
     */
    public boolean takesTtl() {
        return this == MS || this == SET || this == ADD || this == CAS;
    }

    /** Whether this is a command of the cache proper (ids 1 to 20, {@code mn} among them), not of administration. */
    public boolean isStorage() {
        return id != 0 && id <= LAST_STORAGE_ID;
    }

    /** Whether this is {@code get}, {@code gets}, {@code gat} or {@code gats}: the commands with a list of keys. */
    public boolean isClassicGet() {
        return this == GET || this == GETS || this == GAT || this == GATS;
    }

    /** Whether this is a get, one that shows the value or what is known of it: a classic one or {@code mg}. */
    public boolean isGet() {
        return isClassicGet() || this == MG;
    }

    /** The token that holds the (first) key, counted from 0; -1 if the command has no key. */
    public int keyToken() {
        if (!isStorage() || this == MN) {
            return -1;
        }
        return this == GAT || this == GATS ? 2 : 1;
    }

    /** The command with that number, {@link #UNKNOWN} if there is none. */
    public static Command ofId(int id) {
        Command command = id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
        return command == null ? UNKNOWN : command;
    }
}
