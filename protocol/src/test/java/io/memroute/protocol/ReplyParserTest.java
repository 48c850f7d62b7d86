package io.memroute.protocol;

import static io.memroute.protocol.Lines.bytes;
import static io.memroute.protocol.Lines.describe;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
    private final Reply reply = new Reply();

    private String parse(String line) {
        byte[] bytes = bytes(line);
        String result = describe(ReplyParser.parse(Lines.exact(bytes), 0, bytes.length, reply), reply);
        for (int cut = 0; cut < bytes.length; cut++) {
            assertThat(ReplyParser.parse(Lines.exact(Arrays.copyOf(bytes, cut)), 0, cut, reply))
                    .as("first %d bytes of %s", cut, line)
                    .isEqualTo(ReplyParser.INCOMPLETE);
        }
        for (int offset = 0; offset < 9; offset++) {
            for (char filler : new char[] {'\n', ' ', '\r', '9'}) {
                ByteBuf buffer = Lines.surrounded(bytes, offset, filler);
                int whole = ReplyParser.parse(buffer, offset, offset + bytes.length, reply);
                assertThat(describe(whole, reply))
                        .as("offset %d among '%s'", offset, filler)
                        .isEqualTo(result);
                buffer.release();
            }
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        VALUE k 0 5               | VALUE code=15 ok hit value=5 key=k line=11/13
        VALUE key 4294967295 0 18446744073709551615 | VALUE code=15 ok hit value=0 key=key line=43/45
        VA 7                      | VA code=15 ok hit value=7 line=4/6
        VA 0                      | VA code=15 ok hit value=0 line=4/6
        VA 7 f1 kabc t-1 Oq W     | VA code=15 ok hit value=7 key=abc O(q) W f(1) k(abc) t(-1) line=21/23
        HD                        | HD code=15 ok hit line=2/4
        HD f1 s5                  | HD code=15 ok hit f(1) s(5) line=8/10
        EN                        | EN code=17 ok miss line=2/4
        EN kabc O1                | EN code=17 ok miss key=abc O(1) k(abc) line=10/12
        EX                        | EX code=9 ok hit line=2/4
        NF O5                     | NF code=13 ok hit O(5) line=5/7
        NS                        | NS code=14 ok hit line=2/4
        MN                        | MN code=16 ok hit line=2/4
        ME key exp=-1 la=0        | ME code=15 ok hit line=18/20
        OK                        | OK code=15 ok hit line=2/4
        END                       | END code=17 ok miss line=3/5
        STORED                    | STORED code=8 ok hit line=6/8
        EXISTS                    | EXISTS code=9 ok hit line=6/8
        DELETED                   | DELETED code=10 ok hit line=7/9
        TOUCHED                   | TOUCHED code=11 ok hit line=7/9
        NOT_FOUND                 | NOT_FOUND code=13 ok hit line=9/11
        NOT_STORED                | NOT_STORED code=14 ok hit line=10/12
        18446744073709551615      | NUMBER code=15 ok hit line=20/22
        0                         | NUMBER code=15 ok hit line=1/3
        ERROR                     | ERROR code=21 error line=5/7
        ERROR Too many open connections | ERROR code=21 error line=31/33
        CLIENT_ERROR bad data chunk | CLIENT_ERROR code=22 error line=27/29
        SERVER_ERROR out of memory | SERVER_ERROR code=23 error line=26/28
        SERVER_ERROR              | SERVER_ERROR code=23 error line=12/14
        VERSION 1.6.18            | VERSION code=12 line=14/16
        STAT pid 1                | STAT code=15 line=10/12
        ZZ what                   | UNKNOWN_META code=1 w(hat) line=7/9
        """)
    void readsEveryReplyAtEverySplitPoint(String line, String expected) {
        assertThat(parse(line + "\r\n")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        VALUE
        VALUE k
        VALUE k 0
        VALUE k 0 x
        VALUE k x 5
        VALUE  0 5
        VALUE k 0 -5
        VALUE k 0 5 x
        VALUE k 0 5x
        VALUE k 0 5 1 2
        VALUE k 0 1073741822
        VALUE k 0 4294967300
        VA
        VA x
        VA -1
        VA 5x
        VA 1073741822
        VALUES k 0 5
        ENDS
        STORE
        STORER
        SERVER_ERRO
        SERVER_ERRORS
        SERVER_ERROR:
        HDX
        H
        7 left
        7x
        184467440737095516150
        #!
        """)
    void callsALineWhoseEndOfReplyCannotBeKnownMalformed(String line) {
        assertThat(parse(line + "\r\n")).startsWith("malformed UNKNOWN code=1 line=");
    }

    @Test
    void takesRepliesThatEndWithABareNewline() {
        assertThat(parse("HD\n")).isEqualTo("HD code=15 ok hit line=2/3");
        assertThat(parse("STORED\n")).isEqualTo("STORED code=8 ok hit line=6/7");
        assertThat(parse("VALUE k 0 5\n")).isEqualTo("VALUE code=15 ok hit value=5 key=k line=11/12");
        assertThat(parse("VA 5\n")).isEqualTo("VA code=15 ok hit value=5 line=4/5");
        assertThat(parse("\n")).startsWith("malformed");
    }

    @Test
    void believesValuesUpToAGigabyte() {
        assertThat(parse("VA 1073741821\r\n")).contains("value=1073741821");
        assertThat(parse("VALUE k 0 1073741821\r\n")).contains("value=1073741821");
    }

    @Test
    void findsTokensOnDemandAndForgetsThemWithTheNextLine() {
        ByteBuf buffer = Lines.exact(bytes("HD f1 s5\r\nHD t9\r\n"));
        ReplyParser.parse(buffer, 0, 17, reply);
        assertThat(reply.tokenCount()).isEqualTo(3);
        assertThat(Lines.text(buffer, reply.tokenIndex(2), reply.tokenLength(2)))
                .isEqualTo("s5");
        ReplyParser.parse(buffer, 10, 17, reply);
        assertThat(reply.hasFlag('f')).isFalse();
        assertThat(reply.flagTokenLength('t')).isEqualTo(1);
        assertThat(reply.flagTokenIndex('f')).isEqualTo(-1);
    }

    @Test
    void knowsTheFixedRepliesItWrites() throws IllegalAccessException {
        for (java.lang.reflect.Field field : Replies.class.getFields()) {
            byte[] line = (byte[]) field.get(null);
            if (line == Replies.CRLF || line == Replies.RESET) {
                continue;
            }
            assertThat(ReplyParser.parse(Lines.exact(line), 0, line.length, reply))
                    .as(field.getName())
                    .isEqualTo(ReplyParser.COMPLETE);
            assertThat(reply.end()).isEqualTo(line.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VALUE some:key 5 3 77\r\n",
                "VA 3 f7 ksome:key O12\r\n",
                "HD\r\n",
                "SERVER_ERROR busy\r\n",
                "17\r\n"
            })
    void aCopyIsViewedLikeTheOriginal(String line) {
        ByteBuf original = Lines.exact(bytes("before\r\n" + line + "abc\r\n"));
        ReplyParser.parse(original, 8, original.writerIndex(), reply);
        // Nothing of the line before stays.
        Reply copy = new Reply();
        ReplyParser.parse(Lines.exact(bytes("VA 1 f9 s1\r\n")), 0, 12, copy);
        assertThat(copy.hasFlag('s')).isTrue();
        copy.viewCopy(reply, original.copy(8, original.writerIndex() - 8), 0);
        assertThat(copy.type()).isEqualTo(reply.type());
        assertThat(copy.start()).isZero();
        assertThat(copy.lineEnd()).isEqualTo(line.length() - 2);
        assertThat(copy.end()).isEqualTo(line.length());
        assertThat(copy.valueLength()).isEqualTo(reply.valueLength());
        assertThat(copy.tokenCount()).isEqualTo(reply.tokenCount());
        assertThat(copy.hasFlag('s')).isEqualTo(reply.hasFlag('s'));
        assertThat(copy.keyLength()).isEqualTo(reply.keyLength());
        assertThat(copy.flagTokenIndex('O'))
                .isEqualTo(reply.flagTokenIndex('O') < 0 ? -1 : reply.flagTokenIndex('O') - 8);
    }

    @ParameterizedTest
    @CsvSource({"VALUE k 0 5, 7, 20", "VA 0, 2, 8", "HD s5, 0, 7", "END, 0, 5"})
    void countsTheLineEndsOfLineAndValueAmongTheBytesOfAReply(String line, int valueBytes, int wholeBytes) {
        ByteBuf buffer = Lines.exact(bytes("before" + line + "\r\n"));
        ReplyParser.parse(buffer, 6, buffer.writerIndex(), reply);
        assertThat(reply.valueBytes()).isEqualTo(valueBytes);
        assertThat(reply.wholeBytes()).isEqualTo(wholeBytes);
    }
}
