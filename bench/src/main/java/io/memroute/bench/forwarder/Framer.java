package io.memroute.bench.forwarder;

import io.netty.buffer.ByteBuf;

/**
 * Finds where messages of the text protocols end in a stream that arrives in arbitrary pieces. It knows just enough for
 * what the load generator sends: a line, and for {@code set} and {@code ms} a block after it; a reply is a line, or
 * {@code VALUE} lines with their blocks up to another line, or a {@code VA} line with its block. Requests that get no
 * reply (noreply, quiet) are not supported.
 */
final class Framer {

    /** The direction of a stream. */
    enum Side {
        REQUESTS,
        REPLIES
    }

    /** Longer than any line without keys; a request line of many keys needs only its beginning looked at. */
    private static final int KEPT_LINE_BYTES = 512;

    private final Side side;

    /** The beginning of a line that has not ended yet. */
    private final byte[] line = new byte[KEPT_LINE_BYTES];

    private int lineLength;

    /** The bytes left of a block, its line end included. */
    private long blockLeft;

    /** Whether the message goes on after the block. */
    private boolean continues;

    Framer(Side side) {
        this.side = side;
    }

    /**
     * Reads on from an index.
     *
     * @return the index behind the last byte, or -1 if the message does not end in this buffer; then the next call must
     *     start at the first byte that follows this buffer in the stream
     */
    int endOfMessage(ByteBuf buffer, int from) {
        int at = from;
        int end = buffer.writerIndex();
        while (true) {
            if (blockLeft > 0) {
                int step = (int) Math.min(blockLeft, end - at);
                at += step;
                blockLeft -= step;
                if (blockLeft > 0) {
                    return -1;
                }
                if (!continues) {
                    return at;
                }
            }
            int newline = buffer.indexOf(at, end, (byte) '\n');
            keep(buffer, at, newline < 0 ? end : newline);
            if (newline < 0) {
                return -1;
            }
            at = newline + 1;
            readLine();
            lineLength = 0;
            if (blockLeft == 0) {
                return at;
            }
        }
    }

    private void keep(ByteBuf buffer, int from, int to) {
        int count = Math.min(to - from, line.length - lineLength);
        buffer.getBytes(from, line, lineLength, count);
        lineLength += count;
    }

    private void readLine() {
        if (side == Side.REQUESTS) {
            continues = false;
            if (startsWith('s', 'e', 't', ' ')) {
                blockLeft = number(4) + 2;
            } else if (startsWith('m', 's', ' ')) {
                blockLeft = number(2) + 2;
            }
        } else if (startsWith('V', 'A', 'L', 'U')) {
            continues = true;
            blockLeft = number(3) + 2;
        } else if (startsWith('V', 'A', ' ')) {
            continues = false;
            blockLeft = number(1) + 2;
        }
    }

    private boolean startsWith(char... word) {
        if (lineLength < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (line[i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number that is the token of the given index, counted from 0. */
    private long number(int token) {
        int at = 0;
        for (int i = 0; i < token; i++) {
            while (at < lineLength && line[at] != ' ') {
                at++;
            }
            at++;
        }
        long value = 0;
        while (at < lineLength && line[at] >= '0' && line[at] <= '9') {
            value = value * 10 + line[at++] - '0';
        }
        return value;
    }
}
