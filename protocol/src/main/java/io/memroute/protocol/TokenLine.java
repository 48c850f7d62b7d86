package io.memroute.protocol;

import io.netty.buffer.ByteBuf;

/**
 * One line of either protocol taken apart at its spaces: its end and the places of its tokens. Shared by requests and
 * replies; filled by {@link #scan} in one pass over the bytes.
 *
 * <p>Tokens are separated by one or more spaces (0x20); every other byte, tabs and control characters included, is part
 * of a token. The line ends at {@code '\n'}, and a {@code '\r'} right before it belongs to the line end.
 */
final class TokenLine {
    /** Tokens whose place is kept: as many as memcached's own tokenizer keeps. Later ones are only counted. */
    static final int INDEXED = 24;

    /** Start of token i at 2i, its end (exclusive) at 2i + 1. */
    private final int[] bounds = new int[2 * INDEXED];

    @SuppressWarnings("NullAway.Init") // before a parser or a writer was given one nothing is called
    ByteBuf buffer;

    int start;
    /** After the last byte of the line, the line end excluded. */
    int lineEnd;
    /** After the {@code '\n'}. */
    int end;
    /** All tokens of the line, indexed or not. */
    int total;
    /** Start and end of the last token, indexed or not; equal if there is none. */
    int lastStart;

    int lastEnd;
    /** Length of the longest token from the second on. */
    int longestArgument;
    /** Whether a byte of the line is zero. */
    boolean zeroByte;
    /**
     * Whether each token but the last has one space behind it, and the last has none: nothing but tokens and single
     * spaces.
     */
    boolean singleSpaced;
    /** The first eight bytes, little endian, zero padded. */
    long head;

    int indexed() {
        return Math.min(total, INDEXED);
    }

    int tokenStart(int token) {
        return bounds[2 * token];
    }

    int tokenEnd(int token) {
        return bounds[2 * token + 1];
    }

    int tokenLength(int token) {
        return bounds[2 * token + 1] - bounds[2 * token];
    }

    /**
     * Finds the line that starts at {@code from} and its tokens.
     *
     * @return false if there is no {@code '\n'} before {@code to}; the contents are then undefined
     */
    boolean scan(ByteBuf buf, int from, int to) {
        this.buffer = buf;
        this.start = from;
        this.head = from < to ? Bytes.word(buf, from, from, to) : 0;
        int count = 0;
        int tokenBytes = 0;
        int longest = 0;
        int tokenStart = from;
        int lastStart = from;
        int lastEnd = from;
        long zerosBefore = 0;
        for (int base = from; base < to; base += Long.BYTES) {
            long word = Bytes.word(buf, base, from, to);
            long zeros = Bytes.zeros(word);
            for (long stops = Bytes.spacesAndNewlines(word); stops != 0; stops &= stops - 1) {
                int bit = Long.numberOfTrailingZeros(stops);
                int at = base + (bit >>> 3);
                // A space and a newline differ in bit 5, the mark is in bit 7 of the same byte.
                boolean newline = (word >>> (bit - 2) & 1) == 0;
                int tokenEnd = at;
                if (newline) {
                    if (at > from && buf.getByte(at - 1) == '\r') {
                        tokenEnd--;
                    }
                    this.lineEnd = tokenEnd;
                    this.end = at + 1;
                }
                if (tokenEnd > tokenStart) {
                    if (count < INDEXED) {
                        bounds[2 * count] = tokenStart;
                        bounds[2 * count + 1] = tokenEnd;
                    }
                    if (count > 0) {
                        longest = Math.max(longest, tokenEnd - tokenStart);
                    }
                    lastStart = tokenStart;
                    lastEnd = tokenEnd;
                    tokenBytes += tokenEnd - tokenStart;
                    count++;
                }
                if (newline) {
                    this.total = count;
                    this.longestArgument = longest;
                    this.lastStart = lastStart;
                    this.lastEnd = lastEnd;
                    this.zeroByte = (zerosBefore | zeros & (1L << bit) - 1) != 0;
                    this.singleSpaced = tokenBytes + count - 1 == lineEnd - from;
                    return true;
                }
                tokenStart = at + 1;
            }
            zerosBefore |= zeros;
        }
        return false;
    }

    /** Takes over a single-spaced line of two tokens that was found by other means than {@link #scan}. */
    void setTwoTokens(ByteBuf buf, int from, int firstEnd, int secondStart, int lineEnd, int end) {
        this.buffer = buf;
        this.start = from;
        this.lineEnd = lineEnd;
        this.end = end;
        this.total = 2;
        bounds[0] = from;
        bounds[1] = firstEnd;
        bounds[2] = secondStart;
        bounds[3] = lineEnd;
        this.lastStart = secondStart;
        this.lastEnd = lineEnd;
        this.singleSpaced = true;
    }

    /** Takes over a single-spaced line of three tokens, the last of which ends the line. */
    void setThreeTokens(ByteBuf buf, int from, int firstEnd, int secondStart, int secondEnd, int lineEnd, int end) {
        this.buffer = buf;
        this.start = from;
        this.lineEnd = lineEnd;
        this.end = end;
        this.total = 3;
        bounds[0] = from;
        bounds[1] = firstEnd;
        bounds[2] = secondStart;
        bounds[3] = secondEnd;
        bounds[4] = secondEnd + 1;
        bounds[5] = lineEnd;
        this.lastStart = secondEnd + 1;
        this.lastEnd = lineEnd;
        this.singleSpaced = true;
    }

    /** The index of the first token at or after {@code from} that begins with {@code letter}, or -1. */
    int tokenWithFirstByte(int from, int letter) {
        for (int token = from, n = indexed(); token < n; token++) {
            if (buffer.getByte(bounds[2 * token]) == letter) {
                return token;
            }
        }
        return -1;
    }
}
