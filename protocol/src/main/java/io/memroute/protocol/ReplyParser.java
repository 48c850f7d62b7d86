package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Finds the type of a server's reply line and the length of the value behind it. Keeps no state and allocates nothing.
 *
 * <p>The rules are those of memcached's proxy for replies of its backends, except that lines it cannot place are still
 * delimited by their line end and handed over as {@link ReplyType#UNKNOWN_META} or {@link #MALFORMED}, for the caller
 * to judge.
 */
public final class ReplyParser {
    /** The line is whole. Its value, if it has one, may still be on its way. */
    public static final int COMPLETE = 0;
    /** No line end yet. */
    public static final int INCOMPLETE = 1;
    /**
     * The line is whole but not a reply, or a {@code VALUE} or {@code VA} line whose length cannot be read. The end of
     * the reply cannot be known, so what follows on the connection cannot be trusted.
     */
    public static final int MALFORMED = 2;

    /** The longest value that is believed, in bytes. More cannot be held in one buffer together with its line. */
    public static final int MAX_VALUE = (1 << 30) - 3;

    private static final long STORED_LINE = packed("STORED\r\n");
    private static final int VALU = (int) packed("VALU");
    private static final int E_AND_SPACE = 'E' | ' ' << 8;
    private static final int HD = 'H' | 'D' << 8;
    private static final int EN = 'E' | 'N' << 8;
    private static final int VA = 'V' | 'A' << 8;
    private static final int LINE_END = '\r' | '\n' << 8;
    private static final int END_R = (int) packed("END\r");
    private static final int LONGEST_WORD = 12;

    /** The most digits of a number of 64 bits. */
    private static final int MOST_DIGITS = 20;

    private ReplyParser() {}

    /**
     * Parses the line that starts at {@code from}. Only bytes in {@code [from, to)} are looked at.
     *
     * @return {@link #COMPLETE}, {@link #INCOMPLETE} or {@link #MALFORMED}
     */
    public static int parse(ByteBuf buffer, int from, int to, Reply into) {
        into.reset(buffer, from);
        int available = to - from;
        if (available >= 4) {
            int head = buffer.getIntLE(from);
            int code = head & 0xFFFF;
            if (head >>> 16 == LINE_END) {
                if (code == HD) {
                    return shortLine(into, ReplyType.HD, 2);
                }
                if (code == EN) {
                    return shortLine(into, ReplyType.EN, 2);
                }
            } else if (available >= 6 && head == VALU && (buffer.getShortLE(from + 4) & 0xFFFF) == E_AND_SPACE) {
                return value(buffer, from, to, into);
            } else if (code == VA && (head >>> 16 & 0xFF) == ' ') {
                return metaValue(buffer, from, to, into);
            } else if (head == END_R && available >= 5 && buffer.getByte(from + 4) == '\n') {
                return shortLine(into, ReplyType.END, 3);
            } else if (available >= Long.BYTES && buffer.getLongLE(from) == STORED_LINE) {
                return shortLine(into, ReplyType.STORED, 6);
            }
        }
        return general(buffer, from, to, into);
    }

    private static int shortLine(Reply into, ReplyType type, int length) {
        into.type = type;
        into.lineEnd = into.start + length;
        into.end = into.lineEnd + 2;
        return COMPLETE;
    }

    /** {@code VALUE key flags length [cas]}. */
    private static int value(ByteBuf buffer, int from, int to, Reply into) {
        if (!findLine(buffer, from, to, into)) {
            return INCOMPLETE;
        }
        into.type = ReplyType.VALUE;
        int end = into.lineEnd;
        int keyEnd = Bytes.indexOf(buffer, from + 6, end, (byte) ' ');
        if (keyEnd <= from + 6) {
            return malformed(into);
        }
        int flags = skipSpaces(buffer, keyEnd, end);
        int flagsEnd = skipDigits(buffer, flags, end);
        int length = skipSpaces(buffer, flagsEnd, end);
        int lengthEnd = skipDigits(buffer, length, end);
        // A number of at most 20 digits for the flags: some servers keep 64 bits.
        if (flagsEnd == flags || flagsEnd - flags > 20 || length == flagsEnd) {
            return malformed(into);
        }
        if (!setValueLength(buffer, length, lengthEnd, into)) {
            return malformed(into);
        }
        if (lengthEnd < end) {
            int cas = skipSpaces(buffer, lengthEnd, end);
            int casEnd = skipDigits(buffer, cas, end);
            if (cas == lengthEnd
                    || casEnd == cas
                    || !Decimal.isUnsigned64(buffer, cas, casEnd - cas)
                    || skipSpaces(buffer, casEnd, end) != end) {
                return malformed(into);
            }
        }
        return COMPLETE;
    }

    /** {@code VA length flags*}. */
    private static int metaValue(ByteBuf buffer, int from, int to, Reply into) {
        if (!findLine(buffer, from, to, into)) {
            return INCOMPLETE;
        }
        into.type = ReplyType.VA;
        int length = skipSpaces(buffer, from + 2, into.lineEnd);
        int lengthEnd = skipDigits(buffer, length, into.lineEnd);
        if (!setValueLength(buffer, length, lengthEnd, into)
                || lengthEnd < into.lineEnd && buffer.getByte(lengthEnd) != ' ') {
            return malformed(into);
        }
        return COMPLETE;
    }

    private static int general(ByteBuf buffer, int from, int to, Reply into) {
        if (!findLine(buffer, from, to, into)) {
            return INCOMPLETE;
        }
        int first = buffer.getByte(from);
        if (first >= '0' && first <= '9') {
            return number(buffer, from, into);
        }
        int wordEnd = Bytes.indexOf(buffer, from, into.lineEnd, (byte) ' ');
        int length = (wordEnd < 0 ? into.lineEnd : wordEnd) - from;
        if (length == 0 || length > LONGEST_WORD) {
            return malformed(into);
        }
        into.type = word(buffer, from, length);
        return into.type == ReplyType.UNKNOWN || into.type.hasValue() ? malformed(into) : COMPLETE;
    }

    /** Spaces may follow: memcached keeps the length of a number that it decrements. */
    private static int number(ByteBuf buffer, int from, Reply into) {
        int digitsEnd = skipDigits(buffer, from, into.lineEnd);
        if (digitsEnd - from > MOST_DIGITS || skipSpaces(buffer, digitsEnd, into.lineEnd) < into.lineEnd) {
            return malformed(into);
        }
        into.type = ReplyType.NUMBER;
        return COMPLETE;
    }

    private static ReplyType word(ByteBuf buffer, int from, int length) {
        if (length == 2) {
            return twoLetters(buffer.getByte(from), buffer.getByte(from + 1));
        }
        ReplyType candidate = switch (length) {
            case 3 -> ReplyType.END;
            case 4 -> ReplyType.STAT;
            case 5 -> buffer.getByte(from) == 'E' ? ReplyType.ERROR : ReplyType.VALUE;
            case 6 -> buffer.getByte(from) == 'S' ? ReplyType.STORED : ReplyType.EXISTS;
            case 7 ->
                switch (buffer.getByte(from)) {
                    case 'D' -> ReplyType.DELETED;
                    case 'T' -> ReplyType.TOUCHED;
                    default -> ReplyType.VERSION;
                };
            case 9 -> ReplyType.NOT_FOUND;
            case 10 -> ReplyType.NOT_STORED;
            case 12 -> buffer.getByte(from) == 'C' ? ReplyType.CLIENT_ERROR : ReplyType.SERVER_ERROR;
            default -> ReplyType.UNKNOWN;
        };
        return Bytes.equal(buffer, from, length, candidate.word()) ? candidate : ReplyType.UNKNOWN;
    }

    private static ReplyType twoLetters(int first, int second) {
        return switch (first << 8 | second) {
            case 'H' << 8 | 'D' -> ReplyType.HD;
            case 'E' << 8 | 'N' -> ReplyType.EN;
            case 'E' << 8 | 'X' -> ReplyType.EX;
            case 'N' << 8 | 'F' -> ReplyType.NF;
            case 'N' << 8 | 'S' -> ReplyType.NS;
            case 'M' << 8 | 'N' -> ReplyType.MN;
            case 'M' << 8 | 'E' -> ReplyType.ME;
            case 'O' << 8 | 'K' -> ReplyType.OK;
            case 'V' << 8 | 'A' -> ReplyType.VA;
            default -> isLetter(first) && isLetter(second) ? ReplyType.UNKNOWN_META : ReplyType.UNKNOWN;
        };
    }

    private static boolean isLetter(int b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
    }

    private static int malformed(Reply into) {
        into.type = ReplyType.UNKNOWN;
        into.valueLength = -1;
        return MALFORMED;
    }

    private static boolean findLine(ByteBuf buffer, int from, int to, Reply into) {
        int newline = Bytes.indexOf(buffer, from, to, (byte) '\n');
        if (newline < 0) {
            return false;
        }
        into.lineEnd = newline > from && buffer.getByte(newline - 1) == '\r' ? newline - 1 : newline;
        into.end = newline + 1;
        return true;
    }

    private static boolean setValueLength(ByteBuf buffer, int from, int to, Reply into) {
        long length = from == to ? Decimal.INVALID : Decimal.unsigned32(buffer, from, to - from);
        if (length < 0 || length > MAX_VALUE) {
            return false;
        }
        into.valueLength = (int) length;
        return true;
    }

    private static int skipSpaces(ByteBuf buffer, int from, int to) {
        int i = from;
        while (i < to && buffer.getByte(i) == ' ') {
            i++;
        }
        return i;
    }

    private static int skipDigits(ByteBuf buffer, int from, int to) {
        int i = from;
        while (i < to && buffer.getByte(i) >= '0' && buffer.getByte(i) <= '9') {
            i++;
        }
        return i;
    }

    private static long packed(String text) {
        long packed = 0;
        for (int i = 0; i < text.length(); i++) {
            packed |= (long) text.charAt(i) << (i * Byte.SIZE);
        }
        return packed;
    }
}
