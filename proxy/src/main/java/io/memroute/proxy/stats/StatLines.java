package io.memroute.proxy.stats;

import io.memroute.proxy.text.Shown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Writes the lines of a {@code stats} reply. Names come from configurations too (labels of servers, counters,
 * functions): they are written as UTF-8 and as {@link Shown} has them, with {@code \\x20} for spaces, so that a name is
 * one word and a line one line.
 */
public final class StatLines {

    private final ByteBuf out;

    public StatLines(ByteBuf out) {
        this.out = out;
    }

    public StatLines add(String name, String value) {
        ByteBufUtil.writeUtf8(out, "STAT " + Shown.text(name).replace(" ", "\\x20") + " " + Shown.text(value) + "\r\n");
        return this;
    }

    public StatLines add(String name, long value) {
        return add(name, Long.toString(value));
    }

    public StatLines add(String name, boolean value) {
        return add(name, value ? "yes" : "no");
    }

    /** Closes the reply. */
    public void end() {
        ByteBufUtil.writeAscii(out, "END\r\n");
    }
}
