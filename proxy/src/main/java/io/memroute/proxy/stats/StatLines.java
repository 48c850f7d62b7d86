package io.memroute.proxy.stats;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Writes the lines of a {@code stats} reply. */
public final class StatLines {

    private final ByteBuf out;

    public StatLines(ByteBuf out) {
        this.out = out;
    }

    public StatLines add(String name, String value) {
        ByteBufUtil.writeAscii(out, "STAT " + name + " " + value + "\r\n");
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
