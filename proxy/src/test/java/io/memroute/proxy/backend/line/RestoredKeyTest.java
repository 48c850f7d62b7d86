package io.memroute.proxy.backend.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.backend.RecordedCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code YQ0KSEQ=} stands for a key with a line end in it. */
class RestoredKeyTest {

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static Reply parsed(ByteBuf buffer) {
        Reply reply = new Reply();
        assertThat(ReplyParser.parse(buffer, 0, buffer.writerIndex(), reply)).isEqualTo(ReplyParser.COMPLETE);
        return reply;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            mg YQ0KSEQ= b k~        | HD~                | HD kYQ0KSEQ= b~
            mg YQ0KSEQ= b O1 k t~   | HD O1 t-1~         | HD O1 kYQ0KSEQ= b t-1~
            mg YQ0KSEQ= b k O1 v f~ | VA 2 O1 f0 W~hi~   | VA 2 kYQ0KSEQ= b O1 f0 W~hi~
            mg YQ0KSEQ= v s k b O1~ | VA 2 s2 O1~hi~     | VA 2 s2 kYQ0KSEQ= b O1~hi~
            mg YQ0KSEQ= b k O1~     | EN O1~             | EN kYQ0KSEQ= b O1~
            mg YQ0KSEQ= b k O1~     | SERVER_ERROR no~   | SERVER_ERROR no~
            """)
    void putsTheKeyWhereMemcachedWouldPutIt(String request, String reply, String answer) {
        RecordedCall asked = RecordedCall.of(request.replace("~", "\r\n"));

        new RestoredKey(asked).replied(parsed(bytes(reply.replace("~", "\r\n"))));

        assertThat(asked.answers()).containsExactly(answer.replace("~", "\r\n"));
    }

    @Test
    void putsTheKeyIntoALargeReplyThatArrivesInParts() {
        RecordedCall asked = RecordedCall.of("mg YQ0KSEQ= b k v\r\n");
        String value = "v".repeat(10_000) + "\r\n";
        ByteBuf first = bytes("VA 10000 W\r\n" + value.substring(0, 100));
        RestoredKey call = new RestoredKey(asked);

        call.replyBegins(parsed(first), 12 + value.length());
        call.replyBytes(first, 0, first.writerIndex());
        call.replyBytes(bytes(value.substring(100)), 0, value.length() - 100);
        call.replyEnds();

        String whole = "VA 10000 kYQ0KSEQ= b W\r\n" + value;
        assertThat(asked.answers()).containsExactly("[" + whole.length() + ":" + whole + "]");
    }
}
