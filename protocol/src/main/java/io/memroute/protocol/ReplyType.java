package io.memroute.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The type of a reply line, by its first word, with the code that scripts see ({@code mcp.MCMC_CODE_*}) and whether it
 * counts as an answer or as an error.
 *
 * <p>{@link #isOk()} means that the server answered the question, misses included. The three error lines, lines with an
 * unknown word and those of administration commands are not.
 */
public enum ReplyType {
    /** {@code VALUE key flags length [cas]}: a value follows, then further such replies or {@code END}. */
    VALUE(15, true),
    /** {@code VA length flags}: a value follows. */
    VA(15, true),
    HD(15, true),
    EN(17, true),
    EX(9, true),
    NF(13, true),
    NS(14, true),
    MN(16, true),
    ME(15, true),
    END(17, true),
    STORED(8, true),
    EXISTS(9, true),
    DELETED(10, true),
    TOUCHED(11, true),
    NOT_FOUND(13, true),
    NOT_STORED(14, true),
    /** A line that begins with a digit: what {@code incr} and {@code decr} answer. */
    NUMBER(15, true),
    OK(15, true),
    ERROR(21, false),
    CLIENT_ERROR(22, false),
    SERVER_ERROR(23, false),
    /** {@code VERSION text}: no answer to a storage command. */
    VERSION(12, false),
    /** {@code STAT name value}: one line of several, the last is {@code END}. */
    STAT(15, false),
    /** Two letters that are no known meta code: a whole line whose meaning is not known. */
    UNKNOWN_META(1, false),
    /** Anything else. Where such a reply ends cannot be known. */
    UNKNOWN(1, false);

    private final int code;
    private final boolean ok;
    private final byte[] word = name().getBytes(StandardCharsets.US_ASCII);

    ReplyType(int code, boolean ok) {
        this.code = code;
        this.ok = ok;
    }

    /** The first word of such a line, not to be changed; meaningless for those that have no fixed one. */
    byte[] word() {
        return word;
    }

    /** The number of {@code res:code()}. */
    public int code() {
        return code;
    }

    /** Whether the server answered: a hit, a miss or a refusal such as {@code NOT_STORED}, but no error. */
    public boolean isOk() {
        return ok;
    }

    /** Whether a get found nothing: {@code END} or {@code EN}. */
    public boolean isMiss() {
        return this == EN || this == END;
    }

    /**
     * Answered and no miss. {@code NF}, {@code NOT_FOUND}, {@code NS} and the like count as hits, as in memcached's
     * proxy.
     */
    public boolean isHit() {
        return ok && this != EN && this != END;
    }

    /** Whether this is {@code ERROR}, {@code CLIENT_ERROR} or {@code SERVER_ERROR}. */
    public boolean isErrorLine() {
        return this == ERROR || this == CLIENT_ERROR || this == SERVER_ERROR;
    }

    /** Whether the line is followed by a value. */
    public boolean hasValue() {
        return this == VALUE || this == VA;
    }

    /** Whether the reply is one of the meta protocol's. */
    public boolean isMeta() {
        return switch (this) {
            case VA, HD, EN, EX, NF, NS, MN, ME, UNKNOWN_META -> true;
            default -> false;
        };
    }
}
