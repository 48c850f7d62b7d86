package io.memroute.proxy.log;

import io.memroute.proxy.text.Shown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One line for watchers while it is written: {@code ts=SECONDS.MICROSECONDS gid=NUMBER type=WORD}, then fields. Texts
 * are written as UTF-8, and as {@link Shown} has it: a line is one line, and does nothing to a terminal.
 */
public final class LogLine {

    /** The bytes of a text that memcached keeps, from {@code type=} on. */
    private static final int MOST_TEXT_BYTES = 511;

    /** Longer than nearly all lines; the buffer grows for the others. */
    private static final int FIRST_BYTES = 256;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuf bytes = Unpooled.buffer(FIRST_BYTES);
    private final int body;

    LogLine(Instant now, long id, String type) {
        String micros = Integer.toString(now.getNano() / 1000);
        text("ts=" + now.getEpochSecond() + "." + "0".repeat(6 - micros.length()) + micros + " gid=" + id + " ");
        body = bytes.writerIndex();
        text("type=" + type);
    }

    private void text(String text) {
        ByteBufUtil.writeUtf8(bytes, text);
    }

    private void name(String name) {
        bytes.writeByte(' ');
        text(name);
        bytes.writeByte('=');
    }

    public LogLine add(String name, long value) {
        return add(name, Long.toString(value));
    }

    public LogLine add(String name, String value) {
        name(name);
        text(Shown.text(value));
        return this;
    }

    /** Adds bytes, which are text in all but control characters. */
    public LogLine add(String name, byte[] value) {
        name(name);
        text(Shown.bytes(value));
        return this;
    }

    /** Adds a last field that may be long: as much of it as memcached shows. */
    public LogLine addText(String name, byte[] value) {
        add(name, value);
        bytes.writerIndex(Math.min(bytes.writerIndex(), body + MOST_TEXT_BYTES));
        return this;
    }

    /** Adds bytes of any kind: all but letters, digits and {@code - . _ ~} as {@code %NN}. */
    public LogLine addEncoded(String name, byte[] value) {
        name(name);
        for (byte b : value) {
            if (b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b >= '0' && b <= '9'
                    || b == '-'
                    || b == '.'
                    || b == '_'
                    || b == '~') {
                bytes.writeByte(b);
            } else {
                bytes.writeByte('%').writeByte(HEX[b >> 4 & 15]).writeByte(HEX[b & 15]);
            }
        }
        return this;
    }

    /** Lengthens the last field. */
    LogLine append(ByteBuf source, int index, int length) {
        text(Shown.bytes(ByteBufUtil.getBytes(source, index, length)));
        return this;
    }

    byte[] finish() {
        bytes.writeByte('\n');
        return ByteBufUtil.getBytes(bytes);
    }
}
