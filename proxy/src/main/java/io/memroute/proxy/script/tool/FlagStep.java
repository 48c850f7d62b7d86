package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaError;
import io.memroute.protocol.Bytes;
import io.memroute.protocol.Decimal;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A question about a meta flag, of a request or a reply. */
final class FlagStep extends InspectorStep {

    enum Question {
        /** Whether it is there. */
        PRESENT,
        /** Whether it is there, and the text behind its letter. */
        TEXT,
        /** Whether it is there, and the number behind its letter; nil if that is none. */
        NUMBER,
        /** Whether it is there, and whether the text behind its letter is a given one. */
        EQUALS
    }

    private final Question question;
    private final int letter;
    private final byte @Nullable [] text;

    /** @param text is compared with the flag's text; other questions have none */
    FlagStep(Question question, int letter, byte @Nullable [] text) {
        this.question = question;
        this.letter = letter;
        this.text = text;
    }

    @Override
    int results() {
        return question == Question.PRESENT ? 1 : 2;
    }

    @Override
    void inspect(Request request, @Nullable Object[] results, int at) {
        answer(request.buffer(), request.flagTokenIndex(letter), request.flagTokenLength(letter), results, at);
    }

    /** The same for a reply, if there is one. */
    void inspect(@Nullable Reply reply, @Nullable Object[] results, int at) {
        if (reply != null && reply.type().isMeta()) {
            answer(reply.buffer(), reply.flagTokenIndex(letter), reply.flagTokenLength(letter), results, at);
        } else if (question == Question.PRESENT) {
            throw new LuaError("inspector error: response is not meta protocol");
        } else {
            results[at] = Boolean.FALSE;
        }
    }

    private void answer(ByteBuf buffer, int index, int length, @Nullable Object[] results, int at) {
        results[at] = length >= 0;
        if (length < 0) {
            return;
        }
        switch (question) {
            case PRESENT -> {}
            case TEXT -> results[at + 1] = text(buffer, index, length);
            case NUMBER -> results[at + 1] = number(buffer, index, length);
            case EQUALS -> results[at + 1] = Bytes.equal(buffer, index, length, Objects.requireNonNull(text));
        }
    }

    private static @Nullable Long number(ByteBuf buffer, int index, int length) {
        int sign = length > 0 && buffer.getByte(index) == '-' ? 1 : 0;
        if (length == sign || !Decimal.isUnsigned64(buffer, index + sign, length - sign)) {
            return null;
        }
        long number = Decimal.unsigned64(buffer, index + sign, length - sign);
        if (sign == 0) {
            return number < 0 ? null : (Long) number;
        }
        return number < 0 && number != Long.MIN_VALUE ? null : (Long) (-number);
    }
}
