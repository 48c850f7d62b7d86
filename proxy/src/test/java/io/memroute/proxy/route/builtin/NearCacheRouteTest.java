package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.ScriptedRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class NearCacheRouteTest {

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute child = new ScriptedRoute();
    private final NearCache cache = new NearCache(1 << 20, 60, 100);
    private final NearCacheRoute route = onAWorker(child);

    private NearCacheRoute onAWorker(Route to) {
        return new NearCacheRoute(
                to,
                cache,
                new OwnRequest.Source(),
                worker.get().userCounters().counter("hits"),
                worker.get().userCounters().counter("misses"));
    }

    private String ask(String request, String reply) {
        RecordedCall call = RecordedCall.of(request);
        route.start(call);
        if (call.answers().isEmpty()) {
            child.reply(reply);
        }
        assertThat(call.answers()).hasSize(1);
        return call.answers().getFirst();
    }

    private String answeredHere(String request) {
        int asked = child.asked().size();
        RecordedCall call = RecordedCall.of(request);
        route.start(call);
        assertThat(child.asked()).as("requests that went to the child").hasSize(asked);
        return call.answers().getFirst();
    }

    @Test
    void answersTheSecondGetItself() {
        assertThat(ask("get key\r\n", "VALUE key 7 5\r\nhello\r\n")).isEqualTo("VALUE key 7 5\r\nhello\r\n");
        assertThat(answeredHere("get key\r\n")).isEqualTo("VALUE key 7 5\r\nhello\r\n");
        assertThat(answeredHere("mg key v f k O5\r\n")).isEqualTo("VA 5 f7 kkey O5\r\nhello\r\n");
        assertThat(worker.count("hits")).isEqualTo(2);
        assertThat(worker.count("misses")).isEqualTo(1);
    }

    @Test
    void keepsWhatAMetaGetHasFoundIfItHasTheClientFlags() {
        ask("mg key v f\r\n", "VA 5 f7\r\nhello\r\n");
        assertThat(answeredHere("get key\r\n")).isEqualTo("VALUE key 7 5\r\nhello\r\n");
        ask("mg other v\r\n", "VA 5\r\nhello\r\n");
        assertThat(ask("get other\r\n", "END\r\n")).isEqualTo("END\r\n");
    }

    @Test
    void eachKeyOfAMultigetIsLookedUp() {
        ask("get a\r\n", "VALUE a 0 1\r\n1\r\n");
        for (RecordedCall call : RecordedCall.ofEachKey("get a b\r\n")) {
            route.start(call);
        }
        assertThat(child.asked()).containsExactly("get a\r\n", "get b\r\n");
    }

    @Test
    void missesAndErrorsAreNotKept() {
        ask("get key\r\n", "END\r\n");
        ask("get key\r\n", "SERVER_ERROR busy\r\n");
        assertThat(ask("get key\r\n", "VALUE key 0 1\r\nx\r\n")).isEqualTo("VALUE key 0 1\r\nx\r\n");
    }

    @Test
    void valuesThatAreTooLongAreNotKept() {
        String value = "v".repeat(101);
        ask("get key\r\n", "VALUE key 0 101\r\n" + value + "\r\n");
        ask("get key\r\n", "END\r\n");
        assertThat(child.asked()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gets key", "gat 0 key", "mg key v t", "mg key v c", "mg key h l v", "mg key v T30"})
    void whatShowsMoreThanTheItemIsAskedOfTheChild(String request) {
        ask("get key\r\n", "VALUE key 0 1\r\nx\r\n");
        ask(request + "\r\n", "EN\r\n");
        assertThat(child.asked()).last().isEqualTo(request + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "set key 0 0 1, y",
        "ms key 1, y",
        "append key 0 0 1, y",
        "delete key, ''",
        "md key, ''",
        "incr key 1, ''",
        "ma key, ''",
        "md a2V5 b, ''",
        "cas key 0 0 1 5, y"
    })
    void aWriteDropsTheKey(String write, String value) {
        ask("get key\r\n", "VALUE key 0 1\r\nx\r\n");
        ask(write + "\r\n" + (value.isEmpty() ? "" : value + "\r\n"), "STORED\r\n");
        assertThat(ask("get key\r\n", "VALUE key 0 1\r\ny\r\n")).isEqualTo("VALUE key 0 1\r\ny\r\n");
    }

    @Test
    void aWriteThatFailedDropsTheKeyTooBecauseItMayHaveBeenDone() {
        ask("get key\r\n", "VALUE key 0 1\r\nx\r\n");
        ask("set key 0 0 1\r\ny\r\n", "SERVER_ERROR backend failure\r\n");
        assertThat(ask("get key\r\n", "VALUE key 0 1\r\ny\r\n")).isEqualTo("VALUE key 0 1\r\ny\r\n");
    }

    @Test
    void aValueOvertakenByAWriteIsNotKept() {
        RecordedCall get = RecordedCall.of("get key\r\n");
        RecordedCall set = RecordedCall.of("set key 0 0 1\r\ny\r\n");
        route.start(get);
        route.start(set);
        child.reply("VALUE key 0 1\r\nx\r\n").reply("STORED\r\n");
        assertThat(get.answers()).containsExactly("VALUE key 0 1\r\nx\r\n");
        assertThat(ask("get key\r\n", "VALUE key 0 1\r\ny\r\n")).isEqualTo("VALUE key 0 1\r\ny\r\n");
    }

    @Test
    void aValueReadWhileAWriteIsOnItsWayIsDroppedWhenTheWriteIsAnswered() {
        ScriptedRoute slow = new ScriptedRoute();
        NearCacheRoute otherWorker = onAWorker(slow);
        RecordedCall set = RecordedCall.of("set key 0 0 1\r\ny\r\n");
        otherWorker.start(set);
        ask("get key\r\n", "VALUE key 0 1\r\nx\r\n");
        slow.reply("STORED\r\n");
        assertThat(ask("get key\r\n", "VALUE key 0 1\r\ny\r\n")).isEqualTo("VALUE key 0 1\r\ny\r\n");
    }

    @Test
    void aLargeReplyIsPassedOnAsItArrives() {
        RecordedCall call = RecordedCall.of("get key\r\n");
        route.start(call);
        child.begin("VALUE key 0 6\r\n", 23).more("abcdef\r\n").end();
        assertThat(call.answers()).containsExactly("[23:VALUE key 0 6\r\nabcdef\r\n]");
    }

    @Test
    void anInvalidationIsSeenByEveryWorker() {
        ask("get key\r\n", "VALUE key 0 1\r\nx\r\n");
        onAWorker(ScriptedRoute.answering("DELETED\r\n")).start(RecordedCall.of("delete key\r\n"));
        assertThat(ask("get key\r\n", "END\r\n")).isEqualTo("END\r\n");
    }
}
