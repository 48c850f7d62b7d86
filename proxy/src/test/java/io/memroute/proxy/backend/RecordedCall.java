package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.call.LoneCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A call that remembers how it was answered, whole replies as they are, passed-on ones in brackets, and who holds its
 * request.
 */
public final class RecordedCall extends LoneCall {

    private final List<String> answers = new ArrayList<>();
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final StringBuilder streamed = new StringBuilder();

    private int client;

    private RecordedCall(Request request) {
        super(request);
    }

    /** A call with the request of that line, and what follows it, if it has a value. */
    public static RecordedCall of(String text) {
        return new RecordedCall(parsed(text));
    }

    /** The request of that line, in a buffer with what follows it. */
    public static Request parsed(String text) {
        Request request = new Request();
        ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        if (new RequestParser().parse(buffer, 0, buffer.writerIndex(), request) != RequestParser.COMPLETE) {
            throw new IllegalArgumentException("no request: " + text);
        }
        return request;
    }

    /** Becomes the call of a client with that descriptor; 0 until then. */
    RecordedCall from(int descriptor) {
        client = descriptor;
        return this;
    }

    @Override
    public int clientDescriptor() {
        return client;
    }

    /** One call for each key of a multi-key get. */
    public static List<RecordedCall> ofEachKey(String line) {
        Request whole = parsed(line);
        List<RecordedCall> calls = new ArrayList<>();
        for (int key = whole.keyIndex(); key >= 0; key = whole.nextKey(whole.keyEnd(key))) {
            Request one = new Request();
            one.setKeyOf(whole, key, whole.keyEnd(key) - key);
            calls.add(new RecordedCall(one));
        }
        return calls;
    }

    /** How it was answered; more than one answer is a mistake of the one who answered. */
    public List<String> answers() {
        return answers;
    }

    /** All that it was given: its answers, and the parts of a reply that has not ended. */
    String received() {
        return String.join("", answers) + streamed;
    }

    /** Where the whole replies lay. */
    List<ByteBuf> buffers() {
        return buffers;
    }

    @Override
    public void replied(Reply reply) {
        int end = reply.end() + reply.valueBytes();
        answers.add(text(reply.buffer(), reply.start(), end - reply.start()));
        buffers.add(reply.buffer());
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        streamed.append('[').append(totalBytes).append(':');
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        streamed.append(text(source, index, length));
    }

    @Override
    public void replyEnds() {
        answers.add(streamed.append(']').toString());
    }

    @Override
    public void replyBreaks() {
        answers.add("broken");
    }

    private static String text(ByteBuf buffer, int index, int length) {
        return buffer.toString(index, length, StandardCharsets.ISO_8859_1);
    }
}
