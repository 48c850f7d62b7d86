package io.memroute.proxy.backend.line;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.PassedCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A call whose request goes out without its flag {@code k} ({@link CanonicalLine#hidesKey}). It puts the key and the
 * flag {@code b} into the reply, where memcached would have put them. Such requests are rare, so each has an object of
 * its own. Owned by the worker's thread.
 */
public final class RestoredKey extends PassedCall {

    private final Reply restored = new Reply();

    @SuppressWarnings("NullAway.Init")
    private ByteBuf line;
    /** Bytes of a large reply's own line that are still to be replaced. */
    private int lineToReplace;

    public RestoredKey(Call asker) {
        askedBy(asker);
    }

    @SuppressWarnings("NullAway") // not used again before it is set again
    @Override
    protected void recycle() {
        parent = null;
    }

    @Override
    public void replied(Reply reply) {
        if (!reply.type().isMeta()) {
            super.replied(reply);
            return;
        }
        int valueBytes = reply.valueBytes();
        restoreLine(reply);
        line.writeBytes(reply.buffer(), reply.end(), valueBytes);
        parseLine();
        super.replied(restored);
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        restoreLine(reply);
        parseLine();
        lineToReplace = reply.end() - reply.start();
        super.replyBegins(restored, totalBytes - lineToReplace + line.readableBytes());
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        int replaced = lineToReplace;
        if (replaced > 0) {
            // The first bytes of a reply hold at least its line.
            lineToReplace = 0;
            super.replyBytes(line, 0, line.readableBytes());
        }
        if (length > replaced) {
            super.replyBytes(source, index + replaced, length - replaced);
        }
    }

    private void parseLine() {
        ReplyParser.parse(line, 0, line.writerIndex(), restored);
    }

    private void restoreLine(Reply reply) {
        Request request = parent.request();
        ByteBuf source = reply.buffer();
        int place = keyPlace(request, reply);
        line = Unpooled.buffer();
        line.writeBytes(source, reply.start(), place - reply.start())
                .writeByte(' ')
                .writeByte('k')
                .writeBytes(request.buffer(), request.keyIndex(), request.keyLength())
                .writeByte(' ')
                .writeByte('b')
                .writeBytes(source, place, reply.end() - place);
    }

    /** Behind the last flag of the reply that the request asks for before {@code k}. */
    private static int keyPlace(Request request, Reply reply) {
        int last = reply.firstFlagToken() - 1;
        for (int asked = request.firstFlagToken(); asked < request.tokenCount(); asked++) {
            int letter = request.buffer().getByte(request.tokenIndex(asked));
            if (letter == 'k') {
                break;
            }
            for (int token = last + 1; token < reply.tokenCount(); token++) {
                if (reply.buffer().getByte(reply.tokenIndex(token)) == letter) {
                    last = token;
                }
            }
        }
        return reply.tokenIndex(last) + reply.tokenLength(last);
    }
}
