package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Takes a command line apart, in one pass and without allocating. Stateless between calls, so one parser can serve any
 * number of connections of its thread.
 *
 * <p>It judges a line as memcached's own parser does (1.6.45) and refuses with the same texts, with these deliberate
 * differences:
 *
 * <ul>
 *   <li>{@code noreply} in a key's place is a key;
 *   <li>a bare {@code '\n'} ends every line, also the shortest ({@code mn\n});
 *   <li>a bad storage line keeps its {@link Request#valueLength()} whenever the length can be read, so that the value
 *       is skipped and never run as commands;
 *   <li>unknown meta flags pass: what is behind a proxy may be newer than the proxy.
 * </ul>
 */
public final class RequestParser {
    /** The line is whole and good. Its value, if it has one, may still be on its way. */
    public static final int COMPLETE = 0;
    /** No line end yet. */
    public static final int INCOMPLETE = 1;
    /**
     * The line is whole but wrong: {@link Request#error()}, {@link Request#end()} and, to skip it, the value's length
     * are set.
     */
    public static final int MALFORMED = 2;
    /**
     * The line is longer than its limit. {@link Request#error()} is set; {@link Request#end()} is after the line, or
     * where the received bytes end if the line end has not come.
     */
    public static final int LINE_TOO_LONG = 3;

    /** memcached's bound on a line that is no multiget (it looks for a line end in the first 2048 bytes). */
    public static final int DEFAULT_MAX_LINE = 2048;
    /** memcached has no bound for multigets; this one holds about 4000 of the longest keys. */
    public static final int DEFAULT_MAX_MULTIGET_LINE = 1 << 20;
    /** The most a value can have: its length with {@code \r\n} must be a signed 32-bit number. */
    public static final int MAX_VALUE = Integer.MAX_VALUE - 2;

    private static final int GET_AND_SPACE = 'g' | 'e' << 8 | 't' << 16 | ' ' << 24;
    private static final int MG_AND_SPACE = 'm' | 'g' << 8 | ' ' << 16;
    private static final int SPACE_V_LINE_END = ' ' | 'v' << 8 | '\r' << 16 | '\n' << 24;

    private final int maxLine;
    private final int maxMultigetLine;
    private final int maxValue;

    /** A parser with memcached's limits. */
    public RequestParser() {
        this(DEFAULT_MAX_LINE, DEFAULT_MAX_MULTIGET_LINE, MAX_VALUE);
    }

    /**
     * @param maxLine the longest line in bytes, line end included
     * @param maxMultigetLine the same for {@code get}, {@code gets}, {@code gat} and {@code gats}
     * @param maxValue the longest value in bytes, its {@code \r\n} not counted
     */
    public RequestParser(int maxLine, int maxMultigetLine, int maxValue) {
        if (maxLine < 16 || maxMultigetLine < maxLine || maxValue < 0 || maxValue > MAX_VALUE) {
            throw new IllegalArgumentException("line limit " + maxLine + " (16 or more), multiget line limit "
                    + maxMultigetLine + " (not below the line limit), value limit " + maxValue + " (0 to " + MAX_VALUE
                    + ")");
        }
        this.maxLine = maxLine;
        this.maxMultigetLine = maxMultigetLine;
        this.maxValue = maxValue;
    }

    /**
     * Parses the line that starts at {@code from}. Only bytes in {@code [from, to)} are looked at.
     *
     * @return {@link #COMPLETE}, {@link #INCOMPLETE}, {@link #MALFORMED} or {@link #LINE_TOO_LONG}
     */
    public int parse(ByteBuf buffer, int from, int to, Request into) {
        if (to - from >= Long.BYTES) {
            int head = buffer.getIntLE(from);
            if (head == GET_AND_SPACE) {
                if (plainGet(buffer, from, to, into)) {
                    return COMPLETE;
                }
            } else if ((head & 0xFFFFFF) == MG_AND_SPACE && plainMetaGet(buffer, from, to, into)) {
                return COMPLETE;
            }
        }
        return general(buffer, from, to, into);
    }

    /**
     * Parses a line of which a part has been searched before: a client that sends a long line byte by byte would
     * otherwise have the whole of it searched for each byte.
     *
     * @param searched up to here an earlier call has found no line end; {@code from} if there was none
     */
    public int parse(ByteBuf buffer, int from, int to, int searched, Request into) {
        if (searched - from >= Long.BYTES
                && Bytes.indexOf(buffer, searched, to, (byte) '\n') < 0
                && (to - from <= maxLine || to - from <= lineLimit(buffer.getLongLE(from)))) {
            return INCOMPLETE;
        }
        return parse(buffer, from, to, into);
    }

    /**
     * Takes {@code get KEY} with no space but the one: the most frequent request. False if the line is anything else.
     */
    private boolean plainGet(ByteBuf buffer, int from, int to, Request into) {
        int keyIndex = from + 4;
        int keyEnd = Bytes.controlOrSpace(buffer, keyIndex, from, to);
        int newline = keyEnd >= 0 && buffer.getByte(keyEnd) == '\r' ? keyEnd + 1 : keyEnd;
        if (keyEnd < 0 || newline >= to || buffer.getByte(newline) != '\n' || !plainKey(keyIndex, keyEnd, from)) {
            return false;
        }
        into.lineToParse().setTwoTokens(buffer, from, keyIndex - 1, keyIndex, keyEnd, newline + 1);
        into.command = Command.GET;
        into.flagsFrom = 0;
        into.flagMask = 0;
        finishPlain(into, keyIndex, keyEnd);
        return true;
    }

    /** Takes {@code mg KEY v} with {@code \r\n} and single spaces, the most frequent of the meta requests. */
    private boolean plainMetaGet(ByteBuf buffer, int from, int to, Request into) {
        int keyIndex = from + 3;
        int keyEnd = Bytes.controlOrSpace(buffer, keyIndex, from, to);
        if (keyEnd < 0
                || to - keyEnd < 4
                || buffer.getIntLE(keyEnd) != SPACE_V_LINE_END
                || !plainKey(keyIndex, keyEnd, from)) {
            return false;
        }
        into.lineToParse().setThreeTokens(buffer, from, keyIndex - 1, keyIndex, keyEnd, keyEnd + 2, keyEnd + 4);
        into.command = Command.MG;
        into.flagsFrom = 2;
        into.flagMask = MetaFlags.VALUE;
        finishPlain(into, keyIndex, keyEnd);
        return true;
    }

    /**
     * Whether a key has a length for the short ways; the line is then also short enough for any limit but a silly one.
     */
    private boolean plainKey(int keyIndex, int keyEnd, int from) {
        return keyEnd > keyIndex && keyEnd - keyIndex <= Request.MAX_KEY_LENGTH && keyEnd - from <= maxLine - 4;
    }

    private static void finishPlain(Request into, int keyIndex, int keyEnd) {
        into.error = null;
        into.prefixLength = 0;
        into.keyIndex = keyIndex;
        into.keyLength = keyEnd - keyIndex;
        into.keyCount = 1;
        into.valueLength = -1;
        into.unknownFlags = false;
        into.noreply = false;
    }

    private int general(ByteBuf buffer, int from, int to, Request into) {
        TokenLine line = into.lineToParse();
        into.error = null;
        into.prefixLength = 0;
        into.keyIndex = from;
        into.keyLength = 0;
        into.keyCount = 0;
        into.valueLength = -1;
        into.flagsFrom = 0;
        into.flagMask = 0;
        into.unknownFlags = false;
        into.noreply = false;
        boolean whole = line.scan(buffer, from, to);
        int received = whole ? line.end - from : to - from;
        if (received > maxLine && received > lineLimit(line.head)) {
            into.command = Command.UNKNOWN;
            into.error = RequestError.LINE_TOO_LONG;
            line.end = from + received;
            line.lineEnd = whole ? line.lineEnd : to;
            line.total = 0;
            return LINE_TOO_LONG;
        }
        if (!whole) {
            return INCOMPLETE;
        }
        // A line that starts with a space has an empty command word.
        Command command = line.total == 0 || line.tokenStart(0) != from
                ? Command.UNKNOWN
                : CommandTable.find(buffer, from, line.tokenLength(0), line.head);
        into.command = command;
        into.error = RequestRules.apply(line, into, maxValue);
        if (line.zeroByte && into.error == null) {
            // Older servers end a line there: a value, or what should say "noreply", would not mean to them what it
            // means here.
            into.error = RequestError.BAD_LINE;
        }
        return into.error == null ? COMPLETE : MALFORMED;
    }

    /** @param head the first eight bytes of the line */
    private int lineLimit(long head) {
        // The commands with a list of keys, and nothing else, begin with "get " "gets " "gat " "gats ".
        int word = (int) head & 0x00FF_FFFF;
        boolean multiget = word == ('g' | 'e' << 8 | 't' << 16) || word == ('g' | 'a' << 8 | 't' << 16);
        int after = (int) (head >>> 24) & 0xFF;
        if (after == 's') {
            after = (int) (head >>> 32) & 0xFF;
        }
        return multiget && after == ' ' ? maxMultigetLine : maxLine;
    }
}
