package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Reply;
import io.memroute.proxy.backend.line.CanonicalLine;
import io.memroute.proxy.wire.ArrayPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBatchTest {

    private final RequestBatch merging = new RequestBatch(new GetMerging(true), new ArrayPool());

    private static String written(RequestBatch batch) {
        StringBuilder all = new StringBuilder();
        ChannelHandlerContext[] context = new ChannelHandlerContext[1];
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext added) {
                context[0] = added;
            }
        });
        batch.writeTo(context[0]);
        channel.flush();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return all.toString();
    }

    private static void append(RequestBatch batch, String... requests) {
        for (String request : requests) {
            batch.append(RecordedCall.of(request));
        }
    }

    @Test
    void putsNeighbouringGetsIntoOneLine() {
        append(
                merging,
                "get a\r\n",
                "get bb\r\n",
                "get ccc\n",
                "gets d\r\n",
                "gets e\r\n",
                "mg f v\r\n",
                "get g\r\n",
                "get h\r\n");

        assertThat(written(merging)).isEqualTo("get a bb ccc\r\ngets d e\r\nmg f v\r\nget g h\r\n");
    }

    @Test
    void sharesALineAmongGetsThatEndWithABareLineFeed() {
        append(merging, "get aa\n", "get bb\n", "get cc\r\n", "get dd\n", "gat 0 ee\n", "gat 0 ff\r\n");

        assertThat(written(merging)).isEqualTo("get aa bb cc dd\r\ngat 0 ee\r\ngat 0 ff\r\n");
    }

    /** Some servers answer a key that is repeated once. */
    @Test
    void asksForNoKeyTwiceInOneLineIfTheServerAnswersItOnce() {
        GetMerging once = new GetMerging(true);
        once.learn(GetMerging.RepeatedKeys.ANSWERED_ONCE);
        RequestBatch batch = new RequestBatch(once, new ArrayPool());
        append(batch, "get a\r\n", "get b\r\n", "get a\r\n", "get longer-key-1\r\n", "get longer-key-1\r\n");

        assertThat(written(batch)).isEqualTo("get a b\r\nget a longer-key-1\r\nget longer-key-1\r\n");
    }

    @Test
    void keepsGetsApartWhileMergingPauses() {
        GetMerging pausing = new GetMerging(true);
        RequestBatch batch = new RequestBatch(pausing, new ArrayPool());
        pausing.pause(0);
        append(batch, "get a\r\n", "get b\r\n");
        pausing.elapse(TimeUnit.SECONDS.toNanos(10));
        append(batch, "get c\r\n", "get d\r\n");

        assertThat(written(batch)).isEqualTo("get a\r\nget b\r\nget c d\r\n");
    }

    @Test
    void saysWhichRequestJoinedTheLineBeforeIt() {
        assertThat(merging.append(RecordedCall.of("get a\r\n"))).isEqualTo(RequestBatch.Place.OWN_LINE);
        assertThat(merging.append(RecordedCall.of("get b\r\n"))).isEqualTo(RequestBatch.Place.JOINED);
        assertThat(merging.append(RecordedCall.of("get a\r\n"))).isEqualTo(RequestBatch.Place.JOINED_REPEATED);
        assertThat(merging.append(RecordedCall.of("gets c\r\n"))).isEqualTo(RequestBatch.Place.OWN_LINE);
    }

    @Test
    void beginsAnotherLineAfterSixtyFourKeys() {
        for (int i = 0; i < 65; i++) {
            append(merging, "get " + (char) (' ' + 1 + i) + "\r\n");
        }

        assertThat(written(merging))
                .isEqualTo("get ! \" # $ % & ' ( ) * + , - . / 0 1 2 3 4 5 6 7 8 9 : ; < = > ? @ A B C D E F "
                        + "G H I J K L M N O P Q R S T"
                        + " U V W X Y Z [ \\ ] ^ _ `\r\nget a\r\n");
    }

    @Test
    void doesNotReopenALineThatHasBeenWritten() {
        append(merging, "get a\r\n");
        assertThat(written(merging)).isEqualTo("get a\r\n");

        append(merging, "get b\r\n");

        assertThat(written(merging)).isEqualTo("get b\r\n");
    }

    @Test
    void keepsGetsApartIfToldTo() {
        RequestBatch apart = new RequestBatch(new GetMerging(false), new ArrayPool());

        append(apart, "get a\r\n", "get b\r\n");

        assertThat(written(apart)).isEqualTo("get a\r\nget b\r\n");
    }

    @Test
    void regroupsTheKeysOfAMultigetWithItsPrefix() {
        RecordedCall.ofEachKey("gat  60 a b c\r\n").forEach(merging::append);
        RecordedCall.ofEachKey("gat 60 d e\r\n").forEach(merging::append);

        assertThat(written(merging)).isEqualTo("gat 60 a b c\r\ngat 60 d e\r\n");
    }

    @Test
    void sendsTheKeysOfAMultigetOneByOneIfToldTo() {
        RequestBatch apart = new RequestBatch(new GetMerging(false), new ArrayPool());

        RecordedCall.ofEachKey("get a b\r\n").forEach(apart::append);

        assertThat(written(apart)).isEqualTo("get a\r\nget b\r\n");
    }

    /**
     * Whatever the client has sent, the backend gets a line that every memcached reads alike and answers once: replies
     * are matched by their order.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            set a 0 0 2 noreply~hi~   | set a 0 0 2~hi~
            set a 0 0 2 noreply  ~hi~ | set a 0 0 2~hi~
            set  a +1  +2 2~hi~       | set a 1 2 2~hi~
            set a 1 -2 2~hi~          | set a 1 -2 2~hi~
            set a 0 0 2 other~hi~     | set a 0 0 2~hi~
            cas a 0 0 2 7 noreply~hi~ | cas a 0 0 2 7~hi~
            cas a 0 0 2 7 other~hi~   | cas a 0 0 2 7~hi~
            add a 0 0 - ~~            | add a 0 0 0~~
            incr a 1 noreply~         | incr a 1~
            incr a 1 other~           | incr a 1~
            incr noreply 1~           | incr noreply 1~
            touch a - noreply~        | touch a 0~
            touch a -5~               | touch a -5~
            delete a noreply~         | delete a~
            delete a 0~               | delete a~
            delete a 0 noreply~       | delete a~
            delete noreply~           | delete noreply 0~
            delete noreply noreply~   | delete noreply 0~
            delete noreply 0 noreply~ | delete noreply 0~
            touch a 1 b c d noreply~  | touch a 1~
            incr a 1 2 3 noreply~     | incr a 1~
            set a 0 0 2 b c noreply~hi~ | set a 0 0 2~hi~
            cas a 0 0 2 7 b c d~hi~   | cas a 0 0 2 7~hi~
            delete noreplY~           | delete noreplY~
            get  a~                   | get a~
            get noreply~              | get noreply~
            gets   a ~                | gets a~
            gat  -1   a~              | gat -1 a~
            gats -  a~                | gats 0 a~
            ms a 2 q~hi~              | ms a 2~hi~
            ms a 2 T9 q Oqq~hi~       | ms a 2 T9 Oqq~hi~
            ms a -0 T9~~              | ms a -0 T9~~
            ms a -~~                  | ms a 0~~
            mg a q v~                 | mg a v~
            mg  a  v~                 | mg a v~
            md a Oq q~                | md a Oq~
            mg a qq v~                | mg a v~
            ms a 2 q-1 T9~hi~         | ms a 2 T9~hi~
            mg YQ== b k v~            | mg YQ== b k v~
            mg YSBi b k v~            | mg YSBi b v~
            mg YQ0KSEQ= k O1 b q~     | mg YQ0KSEQ= O1 b~
            me a~                     | me a~
            flush_all  5 noreply~     | flush_all 5~
            flush_all noreply~        | flush_all~
            verbosity 1 noreply~      | verbosity 1~
            """)
    void sendsCanonicalLinesOnly(String request, String sent) {
        append(merging, request.replace("~", "\r\n"));

        assertThat(written(merging)).isEqualTo(sent.replace("~", "\r\n"));
    }

    @Test
    void endsEveryLineWithCarriageReturnAndLineFeed() {
        append(merging, "incr a 1 noreply\n", "md a q\n", "set a 0 0 2\nhi\r\n", "incr a 1\n", "mg a v\n");

        assertThat(written(merging)).isEqualTo("incr a 1\r\nmd a\r\nset a 0 0 2\r\nhi\r\nincr a 1\r\nmg a v\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            delete a 5                 | CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]
            delete a noreply noreply   | CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]
            delete a other             | CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]
            delete a b c d             | CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]
            me YSBi b                  | CLIENT_ERROR me cannot show this binary key
            stats                      | CLIENT_ERROR this command cannot be sent to a server
            quit                       | CLIENT_ERROR this command cannot be sent to a server
            watch                      | CLIENT_ERROR this command cannot be sent to a server
            verbosity 1 noreply noreply | CLIENT_ERROR this command cannot be sent to a server
            verbosity noreply noreply  | CLIENT_ERROR this command cannot be sent to a server
            flush_all noreply noreply  | CLIENT_ERROR this command cannot be sent to a server
            flush_all 5 5              | CLIENT_ERROR this command cannot be sent to a server
            cache_memlimit 5 noreply 5 | CLIENT_ERROR this command cannot be sent to a server
            """)
    void refusesWhatHasNoCanonicalLine(String request, String refusal) {
        Reply reply = CanonicalLine.refusal(RecordedCall.of(request + "\r\n"), true);

        assertThat(reply.buffer().toString(StandardCharsets.ISO_8859_1)).isEqualTo(refusal + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"set a 0 0 1\r\nxyz", "ms a 1\r\nxyz"})
    void refusesAValueThatDoesNotEndWhereItsLengthSays(String request) {
        assertThat(CanonicalLine.refusal(RecordedCall.of(request), true)).isNotNull();
    }

    /** memcached 1.6.10 to 1.6.39 count the end of the line as a word, and run the value of a longer one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            a c d e f g h i j k l m n o p r     | true
            a c d e f g h i j k l m n o p r s   | false
            a c d e f g h i j k l m n o p q r   | true
            b c d e f g h i j k l m n o p q r   | true
            b c d e f g h i j k l m n o p r s   | true
            """)
    void refusesAMetaSetWithMoreWordsThanEveryServerTakes(String flags, boolean sent) {
        String key = flags.startsWith("b") ? "YSBi" : "a";
        RecordedCall set = RecordedCall.of("ms " + key + " 1 " + flags + "\r\nx\r\n");

        Reply refusal = CanonicalLine.refusal(set, true);

        assertThat(refusal == null).isEqualTo(sent);
        if (refusal != null) {
            assertThat(refusal.buffer().toString(StandardCharsets.ISO_8859_1))
                    .isEqualTo("CLIENT_ERROR options flags are too long\r\n");
        }
    }

    @Test
    void refusesAMetaSetForAServerThatWouldTakeTheValueForCommands() {
        RecordedCall set = RecordedCall.of("ms a 1\r\nx\r\n");

        assertThat(CanonicalLine.refusal(set, true)).isNull();
        assertThat(CanonicalLine.refusal(set, false).buffer().toString(StandardCharsets.ISO_8859_1))
                .isEqualTo("ERROR\r\n");
    }
}
