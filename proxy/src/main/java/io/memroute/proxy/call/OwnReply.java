package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A reply whose line a route has written itself, with a value that may lie elsewhere. Used again; owned by the worker's
 * thread.
 */
public final class OwnReply {

    private final ByteBuf line = Unpooled.buffer(OutputBuffer.SLICE_FROM_BYTES);
    private final Reply view = new Reply();

    /** An empty buffer to write the line to. */
    public ByteBuf begin() {
        return line.clear();
    }

    /** The line as written. */
    public Reply view() {
        ReplyParser.parse(line, 0, line.writerIndex(), view);
        return view;
    }

    public int length() {
        return line.writerIndex();
    }

    /** Gives the line to a call as the first bytes of a large reply. */
    public void sendLine(Call to) {
        to.replyBytes(line, 0, line.writerIndex());
    }

    /** Answers with the line and a value, whose line end is included. */
    public void send(Call to, ByteBuf value, int valueIndex, int valueBytes) {
        int whole = line.writerIndex() + valueBytes;
        if (whole < OutputBuffer.SLICE_FROM_BYTES) {
            line.writeBytes(value, valueIndex, valueBytes);
            to.replied(view());
            return;
        }
        to.replyBegins(view(), whole);
        sendLine(to);
        to.replyBytes(value, valueIndex, valueBytes);
        to.replyEnds();
    }
}
