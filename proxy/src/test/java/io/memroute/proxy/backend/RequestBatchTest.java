package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.wire.ArrayPool;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBatchTest {

    private final RequestBatch merging = new RequestBatch(true, new ArrayPool());

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
        append(merging, "get a\r\n", "get bb\r\n", "get ccc\n", "gets d\r\n", "gets e\r\n", "mg f v\r\n", "get g\r\n", "get h\r\n");

        assertThat(written(merging)).isEqualTo("get a bb ccc\r\ngets d e\r\nmg f v\r\nget g h\r\n");
    }

    @Test
    void aLineThatEndsWithABareLineFeedStaysWhole() {
        append(merging, "get aa\n", "get bb\n", "get cc\r\n", "get dd\n", "gat 0 ee\n", "gat 0 ff\r\n");

        assertThat(written(merging)).isEqualTo("get aa\nget bb\nget cc dd\r\ngat 0 ee\ngat 0 ff\r\n");
    }

    @Test
    void saysWhichRequestJoinedTheLineBeforeIt() {
        assertThat(merging.append(RecordedCall.of("get a\r\n"))).isFalse();
        assertThat(merging.append(RecordedCall.of("get b\r\n"))).isTrue();
        assertThat(merging.append(RecordedCall.of("gets c\r\n"))).isFalse();
    }

    @Test
    void beginsAnotherLineAfterSixtyFourKeys() {
        for (int i = 0; i < 65; i++) {
            append(merging, "get k\r\n");
        }

        assertThat(written(merging)).isEqualTo("get" + " k".repeat(64) + "\r\nget k\r\n");
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
        RequestBatch apart = new RequestBatch(false, new ArrayPool());

        append(apart, "get a\r\n", "get b\r\n");

        assertThat(written(apart)).isEqualTo("get a\r\nget b\r\n");
    }

    @Test
    void regroupsTheKeysOfAMultigetWithItsPrefix() {
        RecordedCall.ofEachKey("gat  60 a b c\r\n").forEach(merging::append);
        RecordedCall.ofEachKey("gat 60 d e\r\n").forEach(merging::append);

        assertThat(written(merging)).isEqualTo("gat  60 a b c\r\ngat 60 d e\r\n");
    }

    @Test
    void sendsTheKeysOfAMultigetOneByOneIfToldTo() {
        RequestBatch apart = new RequestBatch(false, new ArrayPool());

        RecordedCall.ofEachKey("get a b\r\n").forEach(apart::append);

        assertThat(written(apart)).isEqualTo("get a\r\nget b\r\n");
    }

    /** The backend has to answer whatever the client wants to hear: replies are matched by their order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            set a 0 0 2 noreply~hi~   | set a 0 0 2 noreplY~hi~
            set a 0 0 2 noreply  ~hi~ | set a 0 0 2 noreplY  ~hi~
            incr a 1 noreply~         | incr a 1 noreplY~
            touch a 1 noreply~        | touch a 1 noreplY~
            delete a noreply~         | delete a        ~
            ms a 2 q~hi~              | ms a 2  ~hi~
            ms a 2 T9 q Oqq~hi~       | ms a 2 T9   Oqq~hi~
            mg a q v~                 | mg a   v~
            md a Oq q~                | md a Oq  ~
            mg a qq v~                | mg a    v~
            ms a 2 q-1 T9~hi~         | ms a 2     T9~hi~
            """)
    void hasTheBackendAnswerWhatTheClientDoesNotWantAnswered(String request, String sent) {
        append(merging, request.replace("~", "\r\n"));

        assertThat(written(merging)).isEqualTo(sent.replace("~", "\r\n"));
    }

    @Test
    void handlesQuietRequestsWithABareLineEnd() {
        append(merging, "incr a 1 noreply\n", "md a q\n");

        assertThat(written(merging)).isEqualTo("incr a 1 noreplY\nmd a  \n");
    }
}
