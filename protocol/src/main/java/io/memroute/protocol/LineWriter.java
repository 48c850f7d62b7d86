package io.memroute.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes requests and replies of either protocol, token by token, at the end of a buffer. Reusable and free of
 * allocation; one thread at a time.
 *
 * <p>{@code writer.to(out).command(Command.MS).token(key).number(5).flag('T', 30).end().value(bytes)} writes a whole
 * {@code ms} request. The tokens are written as they are: it is for the caller to give ones without spaces and line
 * ends.
 */
public final class LineWriter {
    private static final byte[] NOREPLY = {' ', 'n', 'o', 'r', 'e', 'p', 'l', 'y'};

    @SuppressWarnings("NullAway.Init") // before a parser or a writer was given one nothing is called
    private ByteBuf out;

    /** Writes at the writer index of a buffer from here on. */
    public LineWriter to(ByteBuf buffer) {
        this.out = buffer;
        return this;
    }

    /** Begins a request. */
    public LineWriter command(Command command) {
        out.writeBytes(command.bytes());
        return this;
    }

    /** Begins a reply with its first word. A {@link ReplyType#NUMBER} has none: see {@link #numberReply}. */
    public LineWriter reply(ReplyType type) {
        out.writeBytes(type.word());
        return this;
    }

    /** Writes the whole reply of {@code incr} and {@code decr}: an unsigned 64-bit number on a line. */
    public LineWriter numberReply(long unsigned) {
        Decimal.write(out, unsigned);
        return end();
    }

    /** Adds a space and a token. */
    public LineWriter token(byte[] token) {
        out.writeByte(' ').writeBytes(token);
        return this;
    }

    /** Adds a space and the first {@code length} bytes of a token. */
    public LineWriter token(byte[] token, int length) {
        out.writeByte(' ').writeBytes(token, 0, length);
        return this;
    }

    /** Adds a space and a token that is a range of another buffer. */
    public LineWriter token(ByteBuf from, int index, int length) {
        out.writeByte(' ').writeBytes(from, index, length);
        return this;
    }

    /** Adds a space and a number of 64 bits without sign. */
    public LineWriter unsigned(long number) {
        out.writeByte(' ');
        Decimal.write(out, number);
        return this;
    }

    /** Adds a space and a number that may be negative. */
    public LineWriter number(long number) {
        out.writeByte(' ');
        writeSigned(number);
        return this;
    }

    /** Adds a meta flag without a text. */
    public LineWriter flag(int letter) {
        out.writeByte(' ').writeByte(letter);
        return this;
    }

    /** Adds a meta flag with a number that may be negative. */
    public LineWriter flag(int letter, long number) {
        flag(letter);
        writeSigned(number);
        return this;
    }

    /** Adds a meta flag with a number of 64 bits without sign, such as a CAS. */
    public LineWriter unsignedFlag(int letter, long number) {
        flag(letter);
        Decimal.write(out, number);
        return this;
    }

    /** Adds a meta flag with a text. */
    public LineWriter flag(int letter, byte[] text) {
        flag(letter);
        out.writeBytes(text);
        return this;
    }

    /** Adds a meta flag with the first {@code length} bytes of a text. */
    public LineWriter flag(int letter, byte[] text, int length) {
        flag(letter);
        out.writeBytes(text, 0, length);
        return this;
    }

    /** Adds a meta flag with bytes as base64 text. */
    public LineWriter base64Flag(int letter, byte[] bytes, int length) {
        flag(letter);
        Base64Key.encode(bytes, 0, length, out);
        return this;
    }

    /**
     * Adds ASCII text as it is, without a space before. For lines that are not made of tokens; not for the hot path.
     */
    public LineWriter text(String text) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
        return this;
    }

    /** Adds a number that may be negative, without a space before. */
    public LineWriter digits(long number) {
        writeSigned(number);
        return this;
    }

    /** Adds a number of 64 bits without sign, without a space before. */
    public LineWriter unsignedDigits(long number) {
        Decimal.write(out, number);
        return this;
    }

    /** Adds the option {@code noreply}. */
    public LineWriter noreply() {
        out.writeBytes(NOREPLY);
        return this;
    }

    /** Ends the line. */
    public LineWriter end() {
        out.writeShort('\r' << 8 | '\n');
        return this;
    }

    /** Writes a value and the {@code \r\n} behind it. */
    public LineWriter value(byte[] value) {
        out.writeBytes(value);
        return end();
    }

    /** Writes a value and the {@code \r\n} behind it from a range of another buffer. */
    public LineWriter value(ByteBuf from, int index, int length) {
        out.writeBytes(from, index, length);
        return end();
    }

    private void writeSigned(long number) {
        if (number < 0) {
            out.writeByte('-');
        }
        // Also right for the smallest number, which has no positive twin: taken without sign its bits are its size.
        Decimal.write(out, number < 0 ? -number : number);
    }
}
