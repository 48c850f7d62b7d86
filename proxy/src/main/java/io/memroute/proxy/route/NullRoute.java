package io.memroute.proxy.route;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Answers at once that there is nothing: with the miss of the command, and the flags {@code O}, {@code k} and {@code b}
 * of a meta command as memcached repeats them. One for each worker.
 *
 * @see "docs/reference/route-library.md section 2.10"
 */
public final class NullRoute implements Route {

    private final ByteBuf line = Unpooled.buffer(Request.MAX_KEY_LENGTH * 2);
    private final Reply reply = new Reply();

    @Override
    public void start(Call call) {
        Request request = call.request();
        Reply nothing = nothing(request.command());
        boolean repeatsFlags = request.command().isMeta()
                && request.command() != Command.ME
                && (request.hasFlag('O') || request.hasFlag('k'));
        call.replied(repeatsFlags ? withFlags(request, nothing) : nothing);
    }

    private static Reply nothing(Command command) {
        return switch (command) {
            case GET, GETS, GAT, GATS -> FixedReply.END;
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> FixedReply.NOT_STORED;
            case INCR, DECR, TOUCH, DELETE -> FixedReply.NOT_FOUND;
            case MG, ME -> FixedReply.EN;
            case MS -> FixedReply.NS;
            case MD, MA -> FixedReply.NF;
            default -> throw new IllegalArgumentException("no storage command: " + command);
        };
    }

    private Reply withFlags(Request request, Reply nothing) {
        line.clear();
        line.writeBytes(nothing.buffer(), nothing.start(), nothing.lineEnd() - nothing.start());
        for (int token = request.firstFlagToken(); token < request.tokenCount(); token++) {
            int letter = request.buffer().getByte(request.tokenIndex(token));
            if (letter == 'O') {
                line.writeByte(' ').writeBytes(request.buffer(), request.tokenIndex(token), request.tokenLength(token));
            } else if (letter == 'k') {
                line.writeByte(' ')
                        .writeByte('k')
                        .writeBytes(request.buffer(), request.keyIndex(), request.keyLength());
                if (request.base64Key()) {
                    line.writeByte(' ').writeByte('b');
                }
            }
        }
        line.writeBytes(Replies.CRLF);
        ReplyParser.parse(line, 0, line.writerIndex(), reply);
        return reply;
    }
}
