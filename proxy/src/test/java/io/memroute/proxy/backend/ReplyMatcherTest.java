package io.memroute.proxy.backend;

import static io.memroute.proxy.backend.RequestBatch.Place.JOINED;
import static io.memroute.proxy.backend.RequestBatch.Place.JOINED_REPEATED;
import static io.memroute.proxy.backend.RequestBatch.Place.OWN_LINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.measure.ValueSizes;
import io.memroute.proxy.stats.HotKeys;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyMatcherTest {

    private static final String FAILED = "SERVER_ERROR backend failure\r\n";

    private final List<Call> apart = new ArrayList<>();
    private int failedSharedGets;
    private final UnsharedGets unshared = new UnsharedGets() {
        @Override
        public void sharedGetFailed() {
            failedSharedGets++;
        }

        @Override
        public void sendApart(Call call) {
            apart.add(call);
        }
    };
    private final GetMerging merging = new GetMerging(true);
    private final ReplyMatcher matcher =
            new ReplyMatcher(unshared, merging, new BackendCounters(), new ValueSizes(new HotKeys(), "server"));
    private final ByteBuf scratch = Unpooled.wrappedBuffer(new byte[64 << 10]);
    private final List<RecordedCall> calls = new ArrayList<>();

    private void sent(String... requests) {
        for (String request : requests) {
            RecordedCall call = RecordedCall.of(request);
            calls.add(call);
            matcher.expect(call, OWN_LINE);
        }
        matcher.written();
    }

    /** Gets that travel in one command line. */
    private void sentMerged(String... keys) {
        for (int i = 0; i < keys.length; i++) {
            RecordedCall call = RecordedCall.of("get " + keys[i] + "\r\n");
            calls.add(call);
            boolean repeated = List.of(keys).subList(0, i).contains(keys[i]);
            matcher.expect(call, i == 0 ? OWN_LINE : repeated ? JOINED_REPEATED : JOINED);
        }
        matcher.written();
    }

    private void sentMark() {
        matcher.expectMark();
        matcher.written();
    }

    private void received(String bytes) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
        int taken = matcher.take(buffer, 0, buffer.writerIndex(), true);
        if (matcher.failure() == null) {
            assertThat(taken).as("bytes taken of " + bytes).isEqualTo(buffer.writerIndex());
        }
    }

    private List<String> answer(int call) {
        return calls.get(call).answers();
    }

    @Test
    void givesEachCallItsLine() {
        sent("set a 0 0 1\r\nx\r\n", "delete a\r\n", "incr a 1\r\n", "mg a v\r\n");

        received("STORED\r\nNOT_FOUND\r\n42\r\nVA 2 f1\r\nhi\r\n");

        assertThat(calls)
                .extracting(RecordedCall::answers)
                .containsExactly(
                        List.of("STORED\r\n"),
                        List.of("NOT_FOUND\r\n"),
                        List.of("42\r\n"),
                        List.of("VA 2 f1\r\nhi\r\n"));
        assertThat(matcher.repliesDue()).isFalse();
        assertThat(matcher.depth()).isZero();
    }

    @Test
    void answersEveryKeyOfAMergedGetWithItsValueOrTheMiss() {
        sentMerged("a", "b", "c", "d");
        sent("mg m\r\n");

        received("VALUE b 0 1\r\nB\r\nVALUE d 0 1\r\nD\r\nEND\r\nHD\r\n");

        assertThat(calls)
                .extracting(RecordedCall::answers)
                .containsExactly(
                        List.of("END\r\n"),
                        List.of("VALUE b 0 1\r\nB\r\n"),
                        List.of("END\r\n"),
                        List.of("VALUE d 0 1\r\nD\r\n"),
                        List.of("HD\r\n"));
    }

    @Test
    void answersAKeyAskedForTwiceTwice() {
        sentMerged("a", "a", "b");

        received("VALUE a 0 1\r\nA\r\nVALUE a 0 1\r\nA\r\nEND\r\n");

        assertThat(calls)
                .extracting(RecordedCall::answers)
                .containsExactly(List.of("VALUE a 0 1\r\nA\r\n"), List.of("VALUE a 0 1\r\nA\r\n"), List.of("END\r\n"));
        assertThat(merging.repeatedKeys()).isEqualTo(GetMerging.RepeatedKeys.ANSWERED);
    }

    @Test
    void asksAgainForRepeatedKeysThatTheServerAnswersOnce() {
        sentMerged("a", "b", "a", "c", "b", "d");

        received("VALUE a 0 1\r\nA\r\nVALUE b 0 1\r\nB\r\nVALUE d 0 1\r\nD\r\nEND\r\n");

        assertThat(merging.repeatedKeys()).isEqualTo(GetMerging.RepeatedKeys.ANSWERED_ONCE);
        assertThat(apart).containsExactly(calls.get(2), calls.get(4));
        assertThat(answer(3)).containsExactly("END\r\n");
        assertThat(matcher.repliesDue()).isFalse();
    }

    @Test
    void asksAgainForRepeatedKeysThatAServerAnswersOnceAndInAnotherOrder() {
        sentMerged("a", "b", "a", "b", "c");

        received("VALUE b 0 1\r\nB\r\nVALUE c 0 1\r\nC\r\nVALUE a 0 1\r\nA\r\nEND\r\n");

        assertThat(answer(0)).containsExactly("VALUE a 0 1\r\nA\r\n");
        assertThat(answer(1)).containsExactly("VALUE b 0 1\r\nB\r\n");
        assertThat(apart).containsExactly(calls.get(2), calls.get(3));
        assertThat(matcher.repliesDue()).isFalse();
    }

    @Test
    void asksAgainForRepeatedKeysOfALineSentBeforeTheServerWasKnownToAnswerThemOnce() {
        sentMerged("a", "a");
        sentMerged("b", "b", "c", "c");

        received("VALUE a 0 1\r\nA\r\nEND\r\nVALUE c 0 1\r\nC\r\nVALUE b 0 1\r\nB\r\nEND\r\n");

        assertThat(apart).containsExactly(calls.get(1), calls.get(3), calls.get(5));
        assertThat(answer(2)).containsExactly("VALUE b 0 1\r\nB\r\n");
        assertThat(answer(4)).containsExactly("VALUE c 0 1\r\nC\r\n");
    }

    @Test
    void takesARepeatedKeyThatTheServerDoesNotHaveForAMiss() {
        sentMerged("a", "a", "b");

        received("VALUE b 0 1\r\nB\r\nEND\r\n");

        assertThat(apart).isEmpty();
        assertThat(answer(1)).containsExactly("END\r\n");
        assertThat(merging.repeatedKeys()).isEqualTo(GetMerging.RepeatedKeys.UNKNOWN);
    }

    @Test
    void findsTheValuesOfAMergedGetInAnyOrder() {
        sentMerged("a", "b", "c", "d");

        received("VALUE c 0 1\r\nC\r\nVALUE a 0 1\r\nA\r\nVALUE d 0 1\r\nD\r\nEND\r\n");

        assertThat(calls)
                .extracting(RecordedCall::answers)
                .containsExactly(
                        List.of("VALUE a 0 1\r\nA\r\n"),
                        List.of("END\r\n"),
                        List.of("VALUE c 0 1\r\nC\r\n"),
                        List.of("VALUE d 0 1\r\nD\r\n"));
        assertThat(matcher.depth()).isZero();
    }

    @Test
    void tellsAnErrorToTheGetOfOneKey() {
        sent("get a\r\n", "get b\r\n");

        received("SERVER_ERROR out of memory writing get response\r\nEND\r\n");

        assertThat(answer(0)).containsExactly("SERVER_ERROR out of memory writing get response\r\n");
        assertThat(answer(1)).containsExactly("END\r\n");
    }

    /**
     * What an error in a merged get concerns is found out by asking again key by key; memcached ends its answer with
     * it.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            delete d~ | SERVER_ERROR x~DELETED~                     | DELETED~
            delete d~ | VALUE b 0 1~B~SERVER_ERROR x~DELETED~       | DELETED~
            get d~    | SERVER_ERROR x~VALUE d 0 1~D~END~           | VALUE d 0 1~D~
            mg d v~   | SERVER_ERROR x~VA 1~D~                      | VA 1~D~
            delete d~ | SERVER_ERROR x~END~DELETED~                 | DELETED~
            delete d~ | SERVER_ERROR x~SERVER_ERROR y~END~DELETED~  | DELETED~
            get d~    | SERVER_ERROR x~VALUE b 0 1~B~END~END~       | END~
            get d~    | SERVER_ERROR x~VALUE b 0 1~B~VALUE c 0 1~C~END~VALUE d 0 1~D~END~ | VALUE d 0 1~D~
            delete d~ | VALUE a 0 1~A~VALUE b 0 1~B~VALUE c 0 1~C~SERVER_ERROR x~DELETED~ | DELETED~
            """)
    void sendsTheKeysOfAMergedGetApartAfterAnError(String next, String replies, String answer) {
        sentMerged("a", "b", "c");
        sent(next.replace("~", "\r\n"));

        received(replies.replace("~", "\r\n"));

        assertThat(matcher.failure()).isNull();
        assertThat(answer(3)).containsExactly(answer.replace("~", "\r\n"));
        assertThat(failedSharedGets).isOne();
        List<Call> unanswered = new ArrayList<>();
        for (RecordedCall call : calls) {
            if (call.answers().isEmpty()) {
                unanswered.add(call);
            }
        }
        assertThat(apart).isEqualTo(unanswered);
        assertThat(matcher.repliesDue()).isFalse();
        assertThat(matcher.depth()).isZero();
    }

    @Test
    void endsTheDoubtAfterAnErrorAtTheMark() {
        sentMerged("a", "b");
        sentMark();

        received("SERVER_ERROR x\r\nVERSION 1.6.45\r\n");

        assertThat(apart).containsExactlyElementsOf(calls);
        assertThat(matcher.failure()).isNull();
    }

    @Test
    void passesOverALargeValueBehindAnErrorInAMergedGet() {
        sentMerged("a", "b");
        sent("delete c\r\n");
        String value = "v".repeat(10_000);
        ReplyReads reads = new ReplyReads(matcher, scratch);

        reads.add(Unpooled.copiedBuffer(
                "SERVER_ERROR x\r\nVALUE b 0 10000\r\n" + value.substring(1), StandardCharsets.ISO_8859_1));
        reads.add(Unpooled.copiedBuffer("v\r\nEND\r\nDELETED\r\n", StandardCharsets.ISO_8859_1));

        assertThat(apart).containsExactly(calls.get(0), calls.get(1));
        assertThat(answer(2)).containsExactly("DELETED\r\n");
    }

    /** A get must not be told what its own client has stored later. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            set a 0 0 1~x~  | 1 | true
            delete a~       | 1 | true
            mg a v N30~     | 1 | true
            ms YQ== 1 b~x~  | 1 | true
            gat 10 a~       | 1 | true
            mg a v~         | 1 | false
            get a~          | 1 | false
            set c 0 0 1~x~  | 1 | false
            set a 0 0 1~x~  | 2 | false
            """)
    void asksForNoKeyAgainThatItsClientHasChangedSince(String later, int laterClient, boolean fails) {
        sentMerged("a", "b");
        calls.get(0).from(1);
        calls.get(1).from(2);
        sent("set between 0 0 1\r\nx\r\n", later.replace("~", "\r\n"));
        calls.get(3).from(laterClient);

        received("SERVER_ERROR x\r\nSTORED\r\n");

        assertThat(matcher.failure()).isNull();
        assertThat(answer(0)).isEqualTo(fails ? List.of(FAILED) : List.of());
        assertThat(apart).isEqualTo(fails ? List.of(calls.get(1)) : List.of(calls.get(0), calls.get(1)));
    }

    @Test
    void asksForNoKeyAgainOnANewConnectionThatItsClientHasChangedSince() {
        sentMerged("a", "b");
        sent("gat 10 b\r\n", "set a 0 0 1\r\nx\r\n");

        received("SERVER_ERROR x\r\nEND\r\n");

        assertThat(matcher.failure()).isEqualTo(BackendFailure.UNCLEAR_GET);
        matcher.failAll(true, FixedReply.BACKEND_FAILURE);
        assertThat(apart).containsExactly(calls.get(1), calls.get(2));
        assertThat(answer(0)).containsExactly(FAILED);
        assertThat(answer(3)).containsExactly(FAILED);
    }

    /** What its client has sent before, or has sent for another key, and what others have sent, overtakes no get. */
    @Test
    void asksAgainOnANewConnectionForAKeyThatItsClientHasChangedBefore() {
        sentMerged("a", "b");
        sent("set a 0 0 1\r\nx\r\n", "get a\r\n");
        sent("ms YQ== 1 b\r\nx\r\n", "set b 0 0 1\r\nx\r\n", "get b\r\n", "get a\r\n");
        calls.get(4).from(2);
        calls.get(5).from(2);
        calls.get(7).from(2);

        matcher.failAll(true, FixedReply.BACKEND_FAILURE);

        assertThat(apart).containsExactly(calls.get(1), calls.get(3), calls.get(6), calls.get(7));
        assertThat(answer(0)).containsExactly(FAILED);
    }

    /** The connection is given up, and only what is no get fails. */
    @ParameterizedTest
    @ValueSource(strings = {"SERVER_ERROR x~END~", "SERVER_ERROR x~SERVER_ERROR y~VALUE d 0 1~D~"})
    void sendsAllGetsApartIfItIsNotClearWhereAMergedOneEnded(String replies) {
        sentMerged("a", "b");
        sent("get d\r\n", "set e 0 0 1\r\nx\r\n");

        received(replies.replace("~", "\r\n"));

        assertThat(matcher.failure()).isEqualTo(BackendFailure.UNCLEAR_GET);
        matcher.failAll(true, FixedReply.BACKEND_FAILURE);
        assertThat(apart).containsExactly(calls.get(0), calls.get(1), calls.get(2));
        assertThat(answer(3)).containsExactly(FAILED);
    }

    @Test
    void takesAMarkInItsPlace() {
        sent("mg a v\r\n");
        sentMark();
        sent("mg b v\r\n");
        assertThat(matcher.depth()).isEqualTo(2);

        received("VA 1\r\na\r\nVERSION 1.6.45\r\nEN\r\n");

        assertThat(matcher.failure()).isNull();
        assertThat(answer(1)).containsExactly("EN\r\n");
        assertThat(matcher.markDue()).isFalse();
        assertThat(matcher.depth()).isZero();
    }

    /** In one pass of the loop a request is expected, received bytes are taken, and the request is written. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            mg a v k~         | VA 1 ka~x~
            mg a v~           | VA 720 ka~
            mg a v~           | EN~
            get a~            | VALUE a 0 1~x~END~
            get a~            | VALUE a 0 5000~
            gets a~           | END~
            set a 0 0 1~x~    | STORED~
            delete a~         | SERVER_ERROR x~
            """)
    void givesUpIfAReplyComesBeforeItsRequestIsWritten(String request, String reply) {
        String early = reply.replace("~", "\r\n");
        for (int cut = 1; cut <= early.length(); cut++) {
            ReplyMatcher fresh =
                    new ReplyMatcher(unshared, merging, new BackendCounters(), new ValueSizes(new HotKeys(), "server"));
            ReplyReads reads = new ReplyReads(fresh, scratch);
            RecordedCall before = RecordedCall.of("mg before v\r\n");
            fresh.expect(before, OWN_LINE);
            fresh.written();
            RecordedCall call = RecordedCall.of(request.replace("~", "\r\n"));
            fresh.expect(call, OWN_LINE);

            reads.add(Unpooled.copiedBuffer("EN\r\n" + early.substring(0, cut), StandardCharsets.ISO_8859_1));

            assertThat(fresh.failure()).isEqualTo(BackendFailure.TRAILING_DATA);
            assertThat(before.answers()).containsExactly("EN\r\n");
            assertThat(call.answers()).isEmpty();
            fresh.failAll(false, FixedReply.BACKEND_FAILURE);
            assertThat(call.answers()).containsExactly(FAILED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"VALUE d 0 1\r\nD\r\n", "STORED\r\n", "VERSION 1.6.45\r\n"})
    void givesUpIfWhatEndsADoubtComesBeforeItsRequestIsWritten(String early) {
        sentMerged("a", "b");
        RecordedCall call = RecordedCall.of(early.startsWith("VALUE") ? "get d\r\n" : "set d 0 0 1\r\nx\r\n");
        if (early.startsWith("VERSION")) {
            matcher.expectMark();
        } else {
            matcher.expect(call, OWN_LINE);
        }

        received("SERVER_ERROR x\r\n" + early);

        assertThat(matcher.failure()).isNotNull();
        assertThat(call.answers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            VA 1~a~VA 1~b~VERSION 1.6~EN~      | OUT_OF_STEP
            VA 1~a~HD~VERSION 1.6~EN~          | OUT_OF_STEP
            VERSION 1.6~VA 1~a~                | OUT_OF_STEP
            VA 1~a~ERROR~                      | OUT_OF_STEP
            VA 1~a~VERSION 1.6~VERSION 1.6~    | UNHANDLED_REPLY
            """)
    void givesUpIfAMarkIsNotInItsPlace(String replies, BackendFailure failure) {
        sent("mg a v\r\n");
        sentMark();
        sent("mg b v\r\n");

        received(replies.replace("~", "\r\n"));

        assertThat(matcher.failure()).isEqualTo(failure);
        assertThat(answer(1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            ms a 1~x~          | VA 1~y~
            ms a 1~x~          | EN~
            ms a 1~x~          | STORED~
            delete a~          | STORED~
            delete a~          | OK~
            set a 0 0 1~x~     | DELETED~
            set a 0 0 1~x~     | HD~
            set a 0 0 1~x~     | 5~
            incr a 1~          | STORED~
            touch a 1~         | DELETED~
            mg a~              | VA 1~x~
            mg a t k~          | VA 1 t-1 ka~x~
            ma a~              | VA 1~5~
            mg a v~            | NF~
            mg a v~            | END~
            mg a v~            | VALUE a 0 1~x~
            mg a v             | MN~
            me a~              | HD~
            md a~              | VA 1~x~
            mg a v O1~         | VA 1 O2~x~
            mg a v O1~         | VA 1~x~
            mg a v O1~         | VA 1 O12~x~
            mg a v O12~        | VA 1 O1~x~
            mg a k~            | HD kb~
            mg a k~            | HD~
            mg a k O1~         | EN O2~
            md a k O1~         | NF O1 kb~
            mg YQ== b k~       | HD kYg== b~
            mg YQ== b k~       | HD kb~
            mg a v~            | VA 1 O5~x~
            mg a v~            | VA 1 ka~x~
            mg a v O1~         | VA 1 O1 ka~x~
            mg a v k~          | VA 1 ka VA 1 kb O5~x~
            mg a k O1~         | HD O1 ka O1~
            md a~              | NF O1~
            md a k~            | XY kaHD kb~
            md a k O1~         | XY O2 ka~
            md a k O1~         | XY~
            md a k O1~         | XY ka~
            mg a v O1 q~       | XY _1~
            md a~              | XY ka~
            md a k~            | NF {a kb~
            me a~              | ME b exp=-1 la=0~
            me a~              | ME a exp=-HD kb~
            me YQ== b~         | ME b exp=-1~
            mg YSBi b k~       | HD kYSBi b~
            mg a k~            | OK~
            mg a k~            | OK kb~
            ms a 1 O1~x~       | OK~
            md a k O1~         | OK O2 ka~
            mg a~              | OK O1~
            md a O1~           | OK O1 O1~
            """)
    void givesUpOnAReplyThatDoesNotFitItsRequest(String request, String reply) {
        sent(request.replace("~", "\r\n") + (request.endsWith("~") ? "" : "\r\n"));

        received(reply.replace("~", "\r\n"));

        assertThat(matcher.failure()).isEqualTo(BackendFailure.UNHANDLED_REPLY);
        assertThat(answer(0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            mg a k O1~     | EN~
            mg a k O1~     | EN O1 ka~
            md a k O1~     | NF O1 ka~
            mg a v O1 k~   | VA 1 O1 ka W~x~
            mg YQ== b k~   | HD kYQ== b~
            mg YR== b k~   | HD kYQ== b~
            mg YQ== b k~   | HD ka~
            mg a k~        | HD kYQ== b~
            ma a v~        | VA 1~5~
            ma a~          | HD~
            mg a~          | XY whatever~
            md a k O1~     | XY O1 ka~
            me a~          | ME a exp=-1 la=0~
            me a~          | ME YQ== exp=-1 la=0~
            me YQ== b~     | ME a exp=-1 la=0~
            me YQ== b~     | ME YQ== exp=-1 la=0~
            mg a v t f~    | VA 1 t-1 f0 W~x~
            mg a~          | OK~
            mg a k O1~     | OK ka O1~
            mg a t~        | OK t-1~
            mg a O1~       | SERVER_ERROR no~
            cas a 0 0 1 5~x~ | EXISTS~
            """)
    void takesAReplyThatFits(String request, String reply) {
        sent(request.replace("~", "\r\n"));

        received(reply.replace("~", "\r\n"));

        assertThat(matcher.failure()).isNull();
        assertThat(answer(0)).containsExactly(reply.replace("~", "\r\n"));
    }

    @Test
    void takesRepliesCutAtAnyPlace() {
        String replies = "VALUE a 0 1\r\nA\r\nEND\r\nEND\r\nVALUE c 0 3 77\r\nxyz\r\nEND\r\nVA 4 "
                + "kd\r\n\r\n\r\n\r\nHD Oq\r\nTOUCHED\r\n";
        for (int cut = 1; cut < replies.length(); cut++) {
            ReplyMatcher fresh =
                    new ReplyMatcher(unshared, merging, new BackendCounters(), new ValueSizes(new HotKeys(), "server"));
            ReplyReads reads = new ReplyReads(fresh, scratch);
            List<RecordedCall> asked = List.of(
                    RecordedCall.of("get a\r\n"),
                    RecordedCall.of("get b\r\n"),
                    RecordedCall.of("gets c\r\n"),
                    RecordedCall.of("mg d v k\r\n"),
                    RecordedCall.of("md e Oq\r\n"),
                    RecordedCall.of("touch f 1\r\n"));
            asked.forEach(call -> fresh.expect(call, OWN_LINE));
            fresh.written();

            reads.add(Unpooled.copiedBuffer(replies.substring(0, cut), StandardCharsets.ISO_8859_1));
            reads.add(Unpooled.copiedBuffer(replies.substring(cut), StandardCharsets.ISO_8859_1));

            assertThat(fresh.failure()).as("cut at " + cut).isNull();
            assertThat(asked)
                    .as("cut at " + cut)
                    .extracting(RecordedCall::answers)
                    .containsExactly(
                            List.of("VALUE a 0 1\r\nA\r\n"),
                            List.of("END\r\n"),
                            List.of("VALUE c 0 3 77\r\nxyz\r\n"),
                            List.of("VA 4 kd\r\n\r\n\r\n\r\n"),
                            List.of("HD Oq\r\n"),
                            List.of("TOUCHED\r\n"));
            assertThat(fresh.repliesDue()).isFalse();
        }
    }

    @Test
    void takesRepliesThatComeByteByByte() {
        ReplyReads reads = new ReplyReads(matcher, scratch);
        sentMerged("a", "b");
        sent("mg c v\r\n");
        for (char c : "VALUE b 0 2\r\nBB\r\nEND\r\nVA 1\r\nc\r\n".toCharArray()) {
            reads.add(Unpooled.copiedBuffer(String.valueOf(c), StandardCharsets.ISO_8859_1));
        }

        assertThat(calls)
                .extracting(RecordedCall::answers)
                .containsExactly(List.of("END\r\n"), List.of("VALUE b 0 2\r\nBB\r\n"), List.of("VA 1\r\nc\r\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 10_000, 100_000})
    void passesOnALargeValueAsItArrives(int length) {
        String value = "v".repeat(length);
        String reply = "VALUE a 0 " + length + "\r\n" + value + "\r\n";
        for (int cut : new int[] {20, 21, 1000, reply.length() - 3, reply.length() - 2, reply.length() - 1}) {
            ReplyMatcher fresh =
                    new ReplyMatcher(unshared, merging, new BackendCounters(), new ValueSizes(new HotKeys(), "server"));
            ReplyReads reads = new ReplyReads(fresh, scratch);
            RecordedCall call = RecordedCall.of("get a\r\n");
            RecordedCall next = RecordedCall.of("get b\r\n");
            fresh.expect(call, OWN_LINE);
            fresh.expect(next, OWN_LINE);
            fresh.written();

            reads.add(Unpooled.copiedBuffer(reply.substring(0, cut), StandardCharsets.ISO_8859_1));
            assertThat(call.answers()).isEmpty();
            reads.add(Unpooled.copiedBuffer(reply.substring(cut) + "END\r\nEND\r\n", StandardCharsets.ISO_8859_1));

            assertThat(fresh.failure()).as("cut at " + cut).isNull();
            assertThat(call.answers()).as("cut at " + cut).containsExactly("[" + reply.length() + ":" + reply + "]");
            assertThat(next.answers()).containsExactly("END\r\n");
        }
    }

    /**
     * Small replies are taken apart in memory that is used again; a large one must be handed over where it can stay.
     */
    @Test
    void handsOverLargeRepliesInTheBufferTheyCameIn() {
        String large = "VALUE b 0 5000\r\n" + "v".repeat(5000) + "\r\n";
        ByteBuf data = Unpooled.directBuffer()
                .writeBytes(("VALUE a 0 1\r\nA\r\nEND\r\n" + large + "END\r\nEND\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        ReplyReads reads = new ReplyReads(matcher, scratch);
        sent("get a\r\n", "get b\r\n", "get c\r\n");

        reads.add(data);

        assertThat(calls)
                .extracting(RecordedCall::answers)
                .containsExactly(List.of("VALUE a 0 1\r\nA\r\n"), List.of(large), List.of("END\r\n"));
        assertThat(calls.get(0).buffers()).containsExactly(scratch);
        assertThat(calls.get(1).buffers()).containsExactly(data);
        data.release();
    }

    @Test
    void takesMoreSmallRepliesAtOnceThanScratchMemoryHolds() {
        StringBuilder replies = new StringBuilder();
        List<List<String>> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            sent("mg key" + i + " v\r\n");
            String reply = "VA " + 50 + "\r\n" + "v".repeat(50) + "\r\n";
            replies.append(reply);
            expected.add(List.of(reply));
        }
        ByteBuf data = Unpooled.directBuffer().writeBytes(replies.toString().getBytes(StandardCharsets.ISO_8859_1));

        new ReplyReads(matcher, scratch).add(data);

        assertThat(calls).extracting(RecordedCall::answers).isEqualTo(expected);
        assertThat(calls).allSatisfy(call -> assertThat(call.buffers()).containsExactly(scratch));
        data.release();
    }

    @Test
    void breaksALargeValueWhoseConnectionFails() {
        sent("get a\r\n", "get b\r\n");
        received("VALUE a 0 5000\r\n" + "v".repeat(100));

        matcher.failAll(false, FixedReply.BACKEND_FAILURE);

        assertThat(answer(0)).containsExactly("broken");
        assertThat(answer(1)).containsExactly(FAILED);
        assertThat(matcher.depth()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            get a           | VALUE b 0 1~B~END~          | WRONG_KEY
            get a           | VALUE a 0 1~A~VALUE a 0 1~A~ | MISSING_END
            get a           | VALUE a 0 1~A~STORED~       | MISSING_END
            get a           | STORED~                     | MISSING_END
            get a           | VALUE a 0 1~Axx             | PARSING
            get a           | VALUE a 0 x~                | PARSING
            get a           | nonsense~                   | PARSING
            get a           | VA 1~A~                     | UNHANDLED_REPLY
            get a           | VERSION 1.6~                | MISSING_END
            delete a        | END~                        | UNHANDLED_REPLY
            delete a        | VALUE a 0 1~A~              | UNHANDLED_REPLY
            delete a        | STAT x 1~                   | UNHANDLED_REPLY
            delete a        | DELETED~HD~                 | TRAILING_DATA
            """)
    void givesUpOnRepliesThatCannotBeMatched(String request, String reply, BackendFailure failure) {
        sent(request + "\r\n");

        received(reply.replace("~", "\r\n"));

        assertThat(matcher.failure()).isEqualTo(failure);
    }

    @Test
    void givesUpOnDataThatNobodyAskedFor() {
        received("HD\r\n");

        assertThat(matcher.failure()).isEqualTo(BackendFailure.CLOSED_SOCKET);
    }

    @Test
    void givesUpOnALineWithoutEnd() {
        sent("delete a\r\n");

        received("x".repeat(9000));

        assertThat(matcher.failure()).isEqualTo(BackendFailure.PARSING);
    }

    @Test
    void keepsTheConnectionWhenABackendRefusesACommandWithoutValue() {
        sent("incr a 1\r\n", "mg b X\r\n", "get c\r\n");

        received("CLIENT_ERROR cannot increment or decrement non-numeric value\r\nERROR\r\nEND\r\n");

        assertThat(matcher.failure()).isNull();
        assertThat(answer(0)).containsExactly("CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
        assertThat(answer(1)).containsExactly("ERROR\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            set a 0 0 1~x~ | SERVER_ERROR object too large for cache | true
            set a 0 0 1~x~ | CLIENT_ERROR bad command line format    | false
            set a 0 0 1~x~ | ERROR                                   | false
            ms a 1~x~      | CLIENT_ERROR invalid flag               | true
            ms a 1 MAA~x~  | CLIENT_ERROR incorrect length for M token | true
            ms a 1 F4294967296~x~ | CLIENT_ERROR bad command line format | true
            ms a 1~x~      | CLIENT_ERROR bad command line format    | false
            ms a 1~x~      | CLIENT_ERROR options flags too long     | false
            ms a 1~x~      | CLIENT_ERROR options flags are too long | false
            ms a 1~x~      | CLIENT_ERROR bad data chunk             | false
            ms a 1~x~      | CLIENT_ERROR of another server          | false
            ms a 1~x~      | ERROR                                   | false
            """)
    void givesUpWhenAValueMayHaveBeenTakenForCommands(String request, String error, boolean kept) {
        sent(request.replace("~", "\r\n"));

        received(error + "\r\n");

        assertThat(answer(0)).containsExactly(error + "\r\n");
        assertThat(matcher.failure()).isEqualTo(kept ? null : BackendFailure.INVALID_PROTOCOL);
    }

    @Test
    void failsWhatIsOutstandingButNotWhatIsSentMeanwhile() {
        sent("get a\r\n", "get b\r\n");

        matcher.failAll(false, FixedReply.BACKEND_FAILURE);
        sent("get c\r\n");

        assertThat(answer(0)).containsExactly(FAILED);
        assertThat(answer(1)).containsExactly(FAILED);
        assertThat(answer(2)).isEmpty();
        assertThat(matcher.depth()).isOne();
    }
}
