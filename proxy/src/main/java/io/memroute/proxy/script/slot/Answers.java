package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaString;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.script.object.ReplyObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls with the values that functions return.
 *
 * @see "docs/reference/proxy-api.md section 3.5"
 */
final class Answers {

    /** Stands for the value of a function that raised an error. */
    static final Object FAILED = new Object();

    private Answers() {}

    static void give(Call call, @Nullable Object returned) {
        switch (returned) {
            case ReplyObject reply -> give(call, reply.view());
            case LuaString text -> give(call, text);
            case null -> call.replied(FixedReply.BAD_RESPONSE);
            default -> call.replied(returned == FAILED ? FixedReply.LUA_FAILURE : FixedReply.BAD_RESPONSE);
        }
    }

    static void give(Call call, @Nullable Reply reply) {
        if (reply == null) {
            // Silence would put the replies to the client's next requests out of step.
            call.replied(FixedReply.BAD_RESPONSE);
        } else {
            call.replied(reply.ok() || reply.errorLine() ? reply : FixedReply.BACKEND_FAILURE);
        }
    }

    /** Gives a text as a reply if it is one whole reply; any other text goes to the client as it is. */
    private static void give(Call call, LuaString text) {
        ByteBuf bytes = Unpooled.wrappedBuffer(text.bytes());
        Reply reply = new Reply();
        if (ReplyParser.parse(bytes, 0, text.length(), reply) == ReplyParser.COMPLETE && isWhole(reply, text)) {
            call.replied(reply);
        } else {
            call.answered(bytes);
        }
    }

    private static boolean isWhole(Reply reply, LuaString text) {
        if (!reply.ok() && !reply.errorLine()) {
            return false;
        }
        if (reply.valueLength() < 0) {
            return reply.end() == text.length();
        }
        int valueEnd = reply.end() + reply.valueLength();
        if (valueEnd + 2 > text.length() || text.byteAt(valueEnd) != '\r' || text.byteAt(valueEnd + 1) != '\n') {
            return false;
        }
        int rest = text.length() - valueEnd - 2;
        return rest == 0
                || reply.type() == ReplyType.VALUE
                        && text.substring(valueEnd + 2, text.length()).equals(LuaString.wrap(Replies.END));
    }
}
