package io.memroute.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * A view on one received reply line, as absolute indexes into {@link #buffer()}. Filled by {@link ReplyParser}, reused
 * for reply after reply; owned by one thread. A value, if there is one, begins at {@link #end()}; it may still be on
 * its way.
 *
 * <p>Key, flags and tokens are found on demand, because most replies are passed on without looking.
 */
public final class Reply {
    /** Length of {@code "VALUE "}. */
    private static final int VALUE_AND_SPACE = 6;
    /** Length of {@code "VA"} and the other meta codes. */
    private static final int META_CODE = 2;

    @SuppressWarnings("NullAway.Init") // before a parser or a writer was given one nothing is called
    ByteBuf buffer;

    int start;
    int lineEnd;
    int end;
    int valueLength = -1;
    ReplyType type = ReplyType.UNKNOWN;

    private final TokenLine line = new TokenLine();
    private boolean tokenized;
    private long flagMask;
    private boolean wrongFlags;

    /** Forgets the line before. */
    void reset(ByteBuf buf, int from) {
        this.buffer = buf;
        this.start = from;
        this.valueLength = -1;
        this.tokenized = false;
    }

    /**
     * Becomes the view on another reply's bytes at another place, without taking them apart again.
     *
     * @param index where the line begins in {@code copy}
     */
    public void viewCopy(Reply of, ByteBuf copy, int index) {
        int moved = index - of.start;
        reset(copy, index);
        lineEnd = of.lineEnd + moved;
        end = of.end + moved;
        valueLength = of.valueLength;
        type = of.type;
    }

    /** The buffer all indexes point into. */
    public ByteBuf buffer() {
        return buffer;
    }

    /** First byte of the line. */
    public int start() {
        return start;
    }

    /** After the last byte of the line, the line end excluded. */
    public int lineEnd() {
        return lineEnd;
    }

    /** After the line's {@code '\n'}: where a value begins, or the next reply if there is none. */
    public int end() {
        return end;
    }

    public ReplyType type() {
        return type;
    }

    /** The number of {@code res:code()}; see {@link ReplyType#code()}. */
    public int code() {
        return type.code();
    }

    /** See {@link ReplyType#isOk()}. */
    public boolean ok() {
        return type.isOk();
    }

    /** See {@link ReplyType#isHit()}. */
    public boolean hit() {
        return type.isHit();
    }

    /** See {@link ReplyType#isMiss()}. */
    public boolean miss() {
        return type.isMiss();
    }

    /** See {@link ReplyType#isErrorLine()}. */
    public boolean errorLine() {
        return type.isErrorLine();
    }

    /** Bytes of the value that follows, its {@code \r\n} not counted; -1 if no value follows. */
    public int valueLength() {
        return valueLength;
    }

    /** Bytes of the value that follows, its {@code \r\n} included; 0 if no value follows. */
    public int valueBytes() {
        return valueLength < 0 ? 0 : valueLength + Replies.CRLF_BYTES;
    }

    /** Bytes of the line and of the value that follows, line ends included. */
    public int wholeBytes() {
        return end - start + valueBytes();
    }

    /** First byte of the key of a {@code VALUE} reply or of a meta reply's flag {@code k}; -1 if it names no key. */
    public int keyIndex() {
        if (type == ReplyType.VALUE) {
            return tokens().tokenStart(1);
        }
        return flagTokenIndex('k');
    }

    /** Length of the key at {@link #keyIndex()}; 0 if there is none. */
    public int keyLength() {
        if (type == ReplyType.VALUE) {
            return tokens().tokenLength(1);
        }
        return Math.max(0, flagTokenLength('k'));
    }

    /**
     * Whether a {@code VALUE} reply is for this key; compares without taking the line apart.
     *
     * @param index where the key begins in {@code key}
     */
    public boolean isValueOf(ByteBuf key, int index, int length) {
        int from = start + VALUE_AND_SPACE;
        return type == ReplyType.VALUE
                && from + length < lineEnd
                && buffer.getByte(from + length) == ' '
                && ByteBufUtil.equals(buffer, from, key, index, length);
    }

    /** The number of tokens on the line, its first word included; at most {@link Request#INDEXED_TOKENS}. */
    public int tokenCount() {
        return tokens().indexed();
    }

    /** First byte of a token, counted from 0 and below {@link #tokenCount()}. */
    public int tokenIndex(int token) {
        return tokens().tokenStart(token);
    }

    public int tokenLength(int token) {
        return tokens().tokenLength(token);
    }

    /** Whether a meta reply has this flag; {@code letter} is one of {@code A} to {@code z}. */
    public boolean hasFlag(int letter) {
        tokens();
        return MetaFlags.contains(flagMask, letter);
    }

    /** Whether its words may be flags. Until memcached 1.6.9 {@code OK} was what {@code HD} is today. */
    private boolean mayHaveFlags() {
        return type.isMeta() && type != ReplyType.ME || type == ReplyType.OK;
    }

    /** Whether a meta reply has a flag twice, or a word that cannot be a flag. No server sends such a line. */
    public boolean hasWrongFlags() {
        tokens();
        return wrongFlags;
    }

    /**
     * Whether a meta reply has anything behind its code and, in {@code VA}, its length; cheaper than looking for a
     * flag.
     */
    public boolean hasFlags() {
        if (type != ReplyType.VA) {
            return lineEnd - start > META_CODE;
        }
        return Bytes.indexOf(buffer, start + META_CODE + 1, lineEnd, (byte) ' ') >= 0;
    }

    /** The place of the text behind a flag's letter, in the buffer; -1 if the reply does not have the flag. */
    public int flagTokenIndex(int letter) {
        int token = hasFlag(letter) ? line.tokenWithFirstByte(firstFlagToken(), letter) : -1;
        return token < 0 ? -1 : line.tokenStart(token) + 1;
    }

    /** The length of the text behind a flag's letter; 0 if there is none, -1 if the reply does not have the flag. */
    public int flagTokenLength(int letter) {
        int token = hasFlag(letter) ? line.tokenWithFirstByte(firstFlagToken(), letter) : -1;
        return token < 0 ? -1 : line.tokenLength(token) - 1;
    }

    /** The first token that is a flag: 2 after {@code VA}, 1 after the other meta codes. */
    public int firstFlagToken() {
        return type == ReplyType.VA ? 2 : 1;
    }

    private TokenLine tokens() {
        if (!tokenized) {
            line.scan(buffer, start, end);
            long mask = mayHaveFlags() ? MetaFlags.collect(line, firstFlagToken()) : 0;
            flagMask = mask == MetaFlags.BAD ? 0 : mask & MetaFlags.LETTERS;
            wrongFlags = (mask & MetaFlags.REPEATED) != 0;
            tokenized = true;
        }
        return line;
    }
}
