package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.ScriptedRoute;
import io.memroute.proxy.stats.UserCounter;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class WarmRouteTest {

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute cold = new ScriptedRoute();
    private final ScriptedRoute warm = new ScriptedRoute();
    private final WarmRoute route = new WarmRoute(
            cold,
            warm,
            new OwedKeys("route_warm"),
            new OwnRequest.Source(),
            new WarmRoute.Counters(
                    counter("w"), null, new WarmDebts.Counters(counter("failed"), counter("deleted"), counter("lost"))),
            null,
            worker.get());

    private RecordedCall call;

    private UserCounter counter(String name) {
        return worker.get().userCounters().counter(name);
    }

    private void ask(String request) {
        call = RecordedCall.of(request);
        route.start(call);
    }

    @AfterEach
    void nothingIsKept() {
        assertThat(worker.bufferedBytes()).isZero();
        assertThat(call.holds()).isZero();
    }

    @Test
    void aHitInColdIsTheReply() {
        ask("get key\r\n");
        cold.reply("VALUE key 0 1\r\nx\r\n");
        assertThat(call.answers()).containsExactly("VALUE key 0 1\r\nx\r\n");
        assertThat(warm.asked()).isEmpty();
    }

    @Test
    void aGetThatColdMissesIsAnsweredFromWarmAndWrittenBackWithFlagsAndTimeLeft() {
        ask("get key\r\n");
        cold.reply("END\r\n");
        assertThat(warm.asked()).containsExactly("mg key k f t v\r\n");
        warm.reply("VA 5 f30 t170\r\nhello\r\n");
        assertThat(call.answers()).containsExactly("VALUE key 30 5\r\nhello\r\n");
        assertThat(cold.asked()).containsExactly("get key\r\n", "ms key 5 F30 T170 ME c\r\nhello\r\n");
        cold.reply("HD\r\n");
        assertThat(worker.count("w")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"t-1, ''", "t0, ' T1'", "t1, ' T1'"})
    void anItemThatNeverExpiresStaysSoAndOneInItsLastSecondDoesNotBecomeEternal(String left, String ttl) {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 " + left + "\r\nx\r\n");
        assertThat(cold.asked().getLast()).isEqualTo("ms key 1 F0" + ttl + " ME c\r\nx\r\n");
        cold.reply("HD\r\n");
    }

    @Test
    void aMissInBothIsColdsMiss() {
        ask("mg key O7 v k\r\n");
        cold.reply("EN O7 kkey\r\n");
        warm.reply("EN\r\n");
        assertThat(call.answers()).containsExactly("EN O7 kkey\r\n");
        assertThat(worker.count("w")).isZero();
    }

    @Test
    void anErrorOfWarmLeavesColdsMiss() {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("SERVER_ERROR busy\r\n");
        assertThat(call.answers()).containsExactly("END\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "mg key v c t s, EN, VA 5 c77 t169 s5|hello",
        "gets key, END, VALUE key 30 5 77|hello",
        "gat 99 key, END, VALUE key 30 5|hello"
    })
    void whatShowsMoreThanTheValueIsAskedAgainOfColdWhenItHasTheItem(String request, String miss, String reply) {
        ask(request + "\r\n");
        cold.reply(miss + "\r\n");
        warm.reply("VA 5 f30 t170\r\nhello\r\n");
        assertThat(cold.asked()).last().isEqualTo("ms key 5 F30 T170 ME c\r\nhello\r\n");
        assertThat(call.answers()).isEmpty();
        cold.reply("HD\r\n");
        assertThat(cold.asked()).last().isEqualTo(request + "\r\n");
        cold.reply(reply.replace("|", "\r\n") + "\r\n");
        assertThat(call.answers()).containsExactly(reply.replace("|", "\r\n") + "\r\n");
    }

    @Test
    void binaryKeysStayBinary() {
        ask("mg a2V5 b v\r\n");
        cold.reply("EN\r\n");
        assertThat(warm.asked()).containsExactly("mg a2V5 k f t v b\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        assertThat(cold.asked()).last().isEqualTo("ms a2V5 1 F0 ME c b\r\nx\r\n");
        cold.reply("HD\r\n").reply("VA 1\r\nx\r\n");
        assertThat(call.answers()).containsExactly("VA 1\r\nx\r\n");
    }

    @Test
    void whenColdFailsWarmAnswers() {
        ask("get key\r\n");
        cold.reply("SERVER_ERROR backend failure\r\n");
        assertThat(warm.asked()).containsExactly("get key\r\n");
        warm.reply("VALUE key 0 1\r\nx\r\n");
        assertThat(call.answers()).containsExactly("VALUE key 0 1\r\nx\r\n");
    }

    @Test
    void aLargeValueIsWrittenBackWhole() {
        String value = "v".repeat(20_000);
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.begin("VA 20000 f1 t60\r\n", 20_019)
                .more(value.substring(0, 9_000))
                .more(value.substring(9_000) + "\r\n")
                .end();
        assertThat(call.answers()).containsExactly("[20021:VALUE key 1 20000\r\n" + value + "\r\n]");
        assertThat(cold.asked()).last().isEqualTo("ms key 20000 F1 T60 ME c\r\n" + value + "\r\n");
        cold.reply("HD\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"set key 0 0 1", "ms key 1", "ms key 1 T9 MS"})
    void setsGoToBothAndColdsReplyIsTheReply(String request) {
        ask(request + "\r\nx\r\n");
        assertThat(warm.asked()).containsExactly(request + "\r\nx\r\n");
        assertThat(cold.asked()).containsExactly(request + "\r\nx\r\n");
        warm.reply("SERVER_ERROR busy\r\n");
        cold.reply("STORED\r\n");
        assertThat(call.answers()).containsExactly("STORED\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETED, DELETED, DELETED",
        "NOT_FOUND, DELETED, DELETED",
        "DELETED, NOT_FOUND, DELETED",
        "NOT_FOUND, NOT_FOUND, NOT_FOUND",
        "DELETED, SERVER_ERROR busy, SERVER_ERROR busy",
        "SERVER_ERROR a, SERVER_ERROR b, SERVER_ERROR a"
    })
    void deletesGoToBothAndSucceedIfEitherDoes(String ofCold, String ofWarm, String expected) {
        ask("delete key\r\n");
        warm.reply(ofWarm + "\r\n");
        assertThat(call.answers()).isEmpty();
        cold.reply(ofCold + "\r\n");
        assertThat(call.answers()).containsExactly(expected + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "incr key 1, '', NOT_FOUND, 8",
        "touch key 60, '', NOT_FOUND, TOUCHED",
        "append key 0 0 1, x, NOT_STORED, STORED",
        "replace key 0 0 1, x, NOT_STORED, STORED",
        "ma key, '', NF, HD",
        "ms key 1 MA, x, NS, HD"
    })
    void whatNeedsTheItemFindsItInColdAfterItHasBeenFetchedFromWarm(
            String request, String value, String first, String second) {
        String whole = request + "\r\n" + (value.isEmpty() ? "" : value + "\r\n");
        ask(whole);
        cold.reply(first + "\r\n");
        warm.reply("VA 1 f0 t-1\r\n7\r\n");
        cold.reply("HD\r\n");
        assertThat(cold.asked()).containsExactly(whole, "ms key 1 F0 ME c\r\n7\r\n", whole);
        cold.reply(second + "\r\n");
        assertThat(call.answers()).containsExactly(second + "\r\n");
        assertThat(warm.asked())
                .as("warm's item is out of date now")
                .containsExactly("mg key k f t v\r\n", second.equals("TOUCHED") ? "mg key T60\r\n" : "md key\r\n");
        warm.reply("HD\r\n");
    }

    @Test
    void anIncrementOfWhatNeitherHasIsNotFound() {
        ask("incr key 1\r\n");
        cold.reply("NOT_FOUND\r\n");
        warm.reply("EN\r\n");
        assertThat(call.answers()).containsExactly("NOT_FOUND\r\n");
    }

    @ParameterizedTest
    @CsvSource({"add key 0 0 1, x, STORED", "ms key 1 ME, x, HD", "ma key N0, '', HD", "ms key 1 MA N60, x, HD"})
    void whatMakesAnItemFindsTheOneThatWarmHas(String request, String value, String stored) {
        String whole = request + "\r\n" + (value.isEmpty() ? "" : value + "\r\n");
        ask(whole);
        assertThat(cold.asked()).isEmpty();
        warm.reply("VA 1 f0 t-1\r\n7\r\n");
        cold.reply("HD\r\n");
        assertThat(cold.asked()).containsExactly("ms key 1 F0 ME c\r\n7\r\n", whole);
        cold.reply("NOT_STORED\r\n");
        assertThat(call.answers()).containsExactly("NOT_STORED\r\n");
        ask(whole);
        warm.reply("EN\r\n");
        cold.reply(stored + "\r\n");
        assertThat(call.answers()).containsExactly(stored + "\r\n");
        assertThat(warm.asked()).containsOnly("mg key k f t v\r\n");
    }

    @Test
    void anAddIsColdsAloneIfWarmFails() {
        ask("add key 0 0 1\r\nx\r\n");
        warm.reply("SERVER_ERROR busy\r\n");
        cold.reply("STORED\r\n");
        assertThat(call.answers()).containsExactly("STORED\r\n");
        assertThat(warm.asked()).endsWith("md key\r\n");
        warm.reply("HD\r\n");
    }

    @Test
    void whatWarmHasLostMeanwhileIsTakenAwayFromColdAgain() {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        cold.reply("HD c18446744073709551615\r\n");
        assertThat(warm.asked()).endsWith("mg key\r\n");
        warm.reply("EN\r\n");
        assertThat(cold.asked()).endsWith("md key C18446744073709551615\r\n");
        cold.reply("HD\r\n");
        assertThat(call.answers()).containsExactly("VALUE key 0 1\r\nx\r\n");
    }

    @ParameterizedTest
    @CsvSource({"EN, true", "HD, false", "HD W X, true", "SERVER_ERROR backend failure, true"})
    void anIncrementWaitsUntilItIsSettledWhetherColdHasTheItem(String ofWarm, boolean takenBack) {
        ask("ma a2V5 b\r\n");
        cold.reply("NF\r\n");
        warm.reply("VA 1 f0 t-1\r\n7\r\n");
        cold.reply("HD c3\r\n");
        warm.reply(ofWarm + "\r\n");
        if (takenBack) {
            assertThat(cold.asked()).endsWith("md a2V5 C3 b\r\n");
            cold.reply("HD\r\n");
        }
        assertThat(cold.asked()).endsWith("ma a2V5 b\r\n");
        cold.reply("NF\r\n");
        assertThat(call.answers()).containsExactly("NF\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VA 1 f0 t-1 W X", "VA 1 f0 t-1 X Z", "VA 0 f0 t30 Z"})
    void whatIsStaleInWarmOrOnlyHasAPlaceThereIsAMiss(String ofWarm) {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply(ofWarm + "\r\n" + (ofWarm.startsWith("VA 1") ? "x" : "") + "\r\n");
        assertThat(call.answers()).containsExactly("END\r\n");
        assertThat(cold.asked()).hasSize(1);
    }

    @Test
    void anItemForMoreThanThirtyDaysLivesUntilTheSameMoment() {
        long before = System.currentTimeMillis() / 1000;
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t2592001\r\nx\r\n");
        String add = cold.asked().getLast();
        cold.reply("HD\r\n");
        assertThat(add).startsWith("ms key 1 F0 T");
        assertThat(Long.parseLong(add.replaceAll("(?s).* T(\\d+) .*", "$1")))
                .isBetween(before + 2_592_001, System.currentTimeMillis() / 1000 + 2_592_001);
    }

    @ParameterizedTest
    @CsvSource({
        "gat 10 key, VALUE key 0 1|x, mg key T10",
        "gats -1 key, VALUE key 0 1 7|x, mg key T-1",
        "mg a2V5 b T30 v, VA 1|x, mg a2V5 T30 b"
    })
    void aGetThatChangesHowLongTheItemLivesChangesItInWarmToo(String request, String reply, String ofWarm) {
        ask(request + "\r\n");
        cold.reply(reply.replace("|", "\r\n") + "\r\n");
        assertThat(warm.asked()).containsExactly(ofWarm + "\r\n");
        warm.reply("EN\r\n");
        assertThat(call.answers()).hasSize(1);
    }

    @Test
    void deletesReachWarmFirst() {
        ask("delete key\r\n");
        assertThat(cold.asked()).isEmpty();
        warm.reply("NOT_FOUND\r\n");
        cold.reply("DELETED\r\n");
        assertThat(call.answers()).containsExactly("DELETED\r\n");
    }

    @Test
    void aDeleteWithAConditionIsColdsAndMakesWarmForget() {
        ask("md key C7\r\n");
        cold.reply("HD\r\n");
        assertThat(call.answers()).containsExactly("HD\r\n");
        assertThat(warm.asked()).containsExactly("md key\r\n");
        warm.reply("HD\r\n");
    }

    @Test
    void aSetIsAnsweredWhenBothHaveIt() {
        ask("set key 0 0 1\r\nx\r\n");
        cold.reply("STORED\r\n");
        assertThat(call.answers()).isEmpty();
        warm.reply("STORED\r\n");
        assertThat(call.answers()).containsExactly("STORED\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "set key 0 0 1, x, STORED",
        "delete key, '', DELETED",
        "touch key 9, '', TOUCHED",
        "incr key 1, '', 8",
        "ms a2V5 1 b, x, HD",
        "md a2V5 b C7, '', HD"
    })
    void whatWarmFailsToTakeIsDeletedThereWhenItAnswersAgain(String request, String value, String done) {
        String whole = request + "\r\n" + (value.isEmpty() ? "" : value + "\r\n");
        ask(whole);
        if (request.startsWith("delete")) {
            warm.reply("SERVER_ERROR backend failure\r\n");
            cold.reply(done + "\r\n");
        } else {
            cold.reply(done + "\r\n");
            warm.reply("SERVER_ERROR backend failure\r\n");
        }
        assertThat(worker.count("failed")).isEqualTo(1);
        String delete = request.contains(" b") ? "md a2V5 b\r\n" : "md key\r\n";
        worker.pass(Duration.ofSeconds(1));
        askForSomethingElse();
        assertThat(warm.asked()).endsWith(delete);
        warm.reply("SERVER_ERROR backend failure\r\n");
        int asked = warm.asked().size();
        askForSomethingElse();
        assertThat(warm.asked()).as("it is left alone for a moment").hasSize(asked);
        worker.pass(Duration.ofSeconds(1));
        askForSomethingElse();
        assertThat(warm.asked()).hasSize(asked + 1).endsWith(delete);
        warm.reply("NF\r\n");
        worker.pass(Duration.ofSeconds(10));
        askForSomethingElse();
        assertThat(warm.asked()).hasSize(asked + 1);
        assertThat(worker.count("deleted")).isEqualTo(1);
        assertThat(worker.count("failed")).isEqualTo(1);
        assertThat(worker.count("lost")).isZero();
    }

    private void askForSomethingElse() {
        ask("get other\r\n");
        cold.reply("VALUE other 0 1\r\nx\r\nEND\r\n");
    }

    @Test
    void whatWarmHasDoesNotCountUntilItIsDeletedThere() {
        ask("delete key\r\n");
        warm.reply("SERVER_ERROR backend failure\r\n");
        cold.reply("DELETED\r\n");
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        assertThat(call.answers()).containsExactly("END\r\n");
        ask("get key\r\n");
        cold.reply("SERVER_ERROR backend failure\r\n");
        assertThat(call.answers()).containsExactly("SERVER_ERROR backend failure\r\n");
        worker.pass(Duration.ofSeconds(1));
        askForSomethingElse();
        warm.reply("HD\r\n");
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        assertThat(call.answers()).containsExactly("VALUE key 0 1\r\nx\r\n");
        cold.reply("HD\r\n");
    }

    @Test
    void aServerThatRefusesToDeleteIsAskedOnce() {
        ask("set key 0 0 1\r\nx\r\n");
        cold.reply("STORED\r\n");
        warm.reply("SERVER_ERROR busy\r\n");
        worker.pass(Duration.ofSeconds(1));
        askForSomethingElse();
        warm.reply("ERROR\r\n");
        worker.pass(Duration.ofSeconds(10));
        int asked = warm.asked().size();
        askForSomethingElse();
        assertThat(warm.asked()).hasSize(asked);
        assertThat(worker.count("lost")).isEqualTo(1);
    }

    /** Has what is due deleted in warm, which gives one reply to all of it; returns how many deletes there were. */
    private int settle(String reply) {
        int before = warm.asked().size();
        askForSomethingElse();
        int sent = warm.asked().size() - before;
        for (int i = 0; i < sent; i++) {
            warm.reply(reply + "\r\n");
        }
        return sent;
    }

    @Test
    void aServerThatIsDownIsSentAFewOfTheDeletesEachSecond() {
        int keys = OwedKeys.TRIAL + OwedKeys.BATCH + 10;
        for (int i = 0; i < keys; i++) {
            ask("incr key" + i + " 1\r\n");
            cold.reply("7\r\n");
            warm.reply("SERVER_ERROR backend failure\r\n");
        }
        for (int second = 0; second < 5; second++) {
            worker.pass(Duration.ofSeconds(1));
            assertThat(settle("SERVER_ERROR backend failure")).isEqualTo(OwedKeys.TRIAL);
            assertThat(settle("SERVER_ERROR backend failure")).isZero();
        }
        worker.pass(Duration.ofSeconds(1));
        assertThat(settle("HD")).isEqualTo(OwedKeys.TRIAL);
        assertThat(settle("HD")).isEqualTo(OwedKeys.BATCH);
        assertThat(settle("NF")).isEqualTo(10);
        assertThat(worker.count("deleted")).isEqualTo(keys);
        assertThat(worker.count("failed")).isEqualTo(keys);
    }

    @Test
    void moreKeysThanItCanRememberAreCounted() {
        for (int i = 0; i < OwedKeys.MOST_KEYS + 10; i++) {
            ask("incr key" + i + " 1\r\n");
            cold.reply("7\r\n");
        }
        for (int i = 0; i < OwedKeys.MOST_KEYS + 10; i++) {
            warm.reply("SERVER_ERROR backend failure\r\n");
        }
        assertThat(worker.count("failed")).isEqualTo(OwedKeys.MOST_KEYS + 10);
        assertThat(worker.count("lost")).isEqualTo(10);
        worker.pass(Duration.ofSeconds(1));
        while (settle("HD") > 0) {
            // Each request settles some.
        }
        assertThat(worker.count("deleted")).isEqualTo(OwedKeys.MOST_KEYS);
        assertThat(warm.asked()).endsWith("md key" + (OwedKeys.MOST_KEYS - 1) + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "VA 1 f0 c9|x, true",
        "VA 1 f0 c9|y, false",
        "VA 1 f8 c9|x, false",
        "VA 2 f0 c9|xx, false",
        "EN, false",
    })
    void anAdditionWhoseReplyIsLostIsLookedAtAgain(String ofCold, boolean takenBack) {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        cold.reply("SERVER_ERROR backend failure\r\n");
        assertThat(warm.asked()).endsWith("mg key\r\n");
        warm.reply("EN\r\n");
        assertThat(cold.asked()).endsWith("mg key f c v\r\n");
        cold.reply(ofCold.replace("|", "\r\n") + "\r\n");
        if (takenBack) {
            assertThat(cold.asked()).endsWith("md key C9\r\n");
            cold.reply("HD\r\n");
        } else {
            assertThat(cold.asked()).endsWith("mg key f c v\r\n");
        }
        assertThat(worker.count("lost")).isZero();
    }

    @Test
    void aLargeAdditionWhoseReplyIsLostIsLookedAtAgain() {
        String value = "v".repeat(20_000);
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.begin("VA 20000 f1 t60\r\n", 20_019).more(value + "\r\n").end();
        cold.reply("SERVER_ERROR backend failure\r\n");
        warm.reply("EN\r\n");
        cold.begin("VA 20000 f1 c4\r\n", 20_018).more(value + "\r\n").end();
        assertThat(cold.asked()).endsWith("md key C4\r\n");
        cold.reply("HD\r\n");
    }

    @Test
    void anAdditionWhoseReplyIsLostStaysIfWarmHasTheItem() {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        cold.reply("SERVER_ERROR backend failure\r\n");
        warm.reply("HD\r\n");
        assertThat(cold.asked()).hasSize(2);
    }

    @Test
    void anAdditionOfWhichNothingCanBeLearntIsCounted() {
        ask("get key\r\n");
        cold.reply("END\r\n");
        warm.reply("VA 1 f0 t-1\r\nx\r\n");
        cold.reply("SERVER_ERROR backend failure\r\n");
        warm.reply("EN\r\n");
        cold.reply("SERVER_ERROR backend failure\r\n");
        assertThat(worker.count("lost")).isEqualTo(1);
    }
}
