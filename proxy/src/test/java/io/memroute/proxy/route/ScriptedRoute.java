package io.memroute.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A child that a test plays: it remembers what it was asked and answers when told to. After each answer it destroys the
 * bytes of the reply, as the next read of a connection would.
 */
public final class ScriptedRoute implements Route {

    private final List<String> asked = new ArrayList<>();
    private final Deque<Call> outstanding = new ArrayDeque<>();
    private String instantReply;
    private Call streaming;

    /** A child that answers every request before {@link #start} returns, as one that is down does. */
    public static ScriptedRoute answering(String reply) {
        ScriptedRoute route = new ScriptedRoute();
        route.instantReply = reply;
        return route;
    }

    public static ScriptedRoute[] several(int count) {
        ScriptedRoute[] routes = new ScriptedRoute[count];
        for (int i = 0; i < count; i++) {
            routes[i] = new ScriptedRoute();
        }
        return routes;
    }

    @Override
    public void start(Call call) {
        asked.add(textOf(call));
        if (instantReply != null) {
            give(call, instantReply);
        } else {
            outstanding.add(call);
        }
    }

    /** Everything it was asked so far. */
    public List<String> asked() {
        return asked;
    }

    /** What the oldest request not answered looks like now: it must still be what was asked. */
    public String oldestOutstanding() {
        return textOf(outstanding.element());
    }

    /** Answers the oldest request not answered. */
    public ScriptedRoute reply(String text) {
        assertThat(outstanding).as("requests of this child not answered yet").isNotEmpty();
        give(outstanding.remove(), text);
        return this;
    }

    /** Answers the oldest request not answered with a reply of the proxy's own. */
    public ScriptedRoute reply(Reply fixed) {
        outstanding.remove().replied(fixed);
        return this;
    }

    /** Begins a large reply to the oldest request not answered. */
    public ScriptedRoute begin(String line, int totalBytes) {
        streaming = outstanding.remove();
        ByteBuf buffer = bytes(line);
        streaming.replyBegins(parsed(buffer), totalBytes);
        streaming.replyBytes(buffer, 0, buffer.writerIndex());
        destroy(buffer);
        return this;
    }

    public ScriptedRoute more(String part) {
        ByteBuf buffer = bytes(part);
        streaming.replyBytes(buffer, 0, buffer.writerIndex());
        destroy(buffer);
        return this;
    }

    public void end() {
        Call call = streaming;
        streaming = null;
        call.replyEnds();
    }

    public void breakOff() {
        Call call = streaming;
        streaming = null;
        call.replyBreaks();
    }

    private static void give(Call call, String text) {
        ByteBuf buffer = bytes(text);
        call.replied(parsed(buffer));
        destroy(buffer);
    }

    /** Overwrites the bytes; whoever keeps more than a slice of 4096 bytes or more must have copied them. */
    private static void destroy(ByteBuf buffer) {
        if (buffer.refCnt() == 1) {
            buffer.setBytes(0, "x".repeat(buffer.capacity()).getBytes(StandardCharsets.ISO_8859_1));
        }
        buffer.release();
    }

    private static Reply parsed(ByteBuf buffer) {
        Reply reply = new Reply();
        assertThat(ReplyParser.parse(buffer, 0, buffer.writerIndex(), reply)).isEqualTo(ReplyParser.COMPLETE);
        return reply;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String textOf(Call call) {
        Request request = call.request();
        ByteBuf buffer = request.buffer();
        if (request.partOfMultiget()) {
            return text(buffer, request.start(), request.prefixLength())
                    + text(buffer, request.keyIndex(), request.keyLength()) + "\r\n";
        }
        String line = text(buffer, request.start(), request.end() - request.start());
        if (request.valueLength() < 0) {
            return line;
        }
        int valueBytes = request.valueBytes();
        return line
                + (call.value() == null
                        ? text(buffer, request.end(), valueBytes)
                        : text(call.value(), call.value().readerIndex(), valueBytes));
    }

    private static String text(ByteBuf buffer, int index, int length) {
        return buffer.toString(index, length, StandardCharsets.ISO_8859_1);
    }
}
