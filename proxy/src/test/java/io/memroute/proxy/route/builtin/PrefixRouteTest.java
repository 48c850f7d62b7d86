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

public class PrefixRouteTest {

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute child = new ScriptedRoute();
    private final OwnRequest.Source requests = new OwnRequest.Source();
    private final PrefixRoute route = new PrefixRoute(PrefixRoute.Change.ofBeginning("old/", "new:"), child, requests);

    @ParameterizedTest
    @CsvSource({
        "get old/key, get new:key, VALUE new:key 7 1|x, VALUE old/key 7 1|x",
        "gets old/key, gets new:key, VALUE new:key 7 1 99|x, VALUE old/key 7 1 99|x",
        "gat 30 old/key, gat 30 new:key, END, END",
        "get other, get new:other, VALUE new:other 0 1|x, VALUE other 0 1|x",
        "delete old/key noreply, delete new:key noreply, DELETED, DELETED",
        "incr old/key 5, incr new:key 5, 17, 17",
        "mg old/key v, mg new:key v, VA 1|x, VA 1|x",
        "mg old/key k v O1, mg new:key k v O1, VA 1 knew:key O1|x, VA 1 kold/key O1|x",
        "mg old/key k, mg new:key k, EN knew:key, EN kold/key",
        "md old/key k q, md new:key k q, HD knew:key, HD kold/key",
        "mg b2xkL2tleQ== k b, mg bmV3OmtleQ== k b, HD kbmV3OmtleQ== b, HD kb2xkL2tleQ== b"
    })
    void givesTheChildAnotherKeyAndTheClientItsOwn(String request, String asked, String reply, String expected) {
        RecordedCall call = RecordedCall.of(request + "\r\n");
        route.start(call);
        assertThat(child.asked()).containsExactly(asked + "\r\n");
        child.reply(reply.replace("|", "\r\n") + "\r\n");
        assertThat(call.answers()).containsExactly(expected.replace("|", "\r\n") + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "get old/key, get new:key.s, VALUE new:key.s 7 1|x, VALUE old/key 7 1|x",
        "get new:key, get new:key.s, END, END",
        "get key, get new:key.s, END, END",
        "mg bmV3OmtleQ== k b, mg bmV3OmtleS5z k b, HD kbmV3OmtleS5z b, HD kbmV3OmtleQ== b"
    })
    void addsOnlyWhatIsMissingIfItIsToldTo(String request, String asked, String reply, String expected) {
        RecordedCall call = RecordedCall.of(request + "\r\n");
        new PrefixRoute(new PrefixRoute.Change("old/", "new:", true, ".s"), child, requests).start(call);
        assertThat(child.asked()).containsExactly(asked + "\r\n");
        child.reply(reply.replace("|", "\r\n") + "\r\n");
        assertThat(call.answers()).containsExactly(expected.replace("|", "\r\n") + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "set old/key 0 0 2, set new:key 0 0 2",
        "ms old/key 2 T0, ms new:key 2 T0",
        "cas old/key 1 2 2 9, cas new:key 1 2 2 9"
    })
    void copiesTheValue(String request, String asked) {
        route.start(RecordedCall.of(request + "\r\nxy\r\n"));
        assertThat(child.asked()).containsExactly(asked + "\r\nxy\r\n");
    }

    @Test
    void eachKeyOfAMultigetIsARequestOfItsOwn() {
        for (RecordedCall call : RecordedCall.ofEachKey("get old/a b old/c\r\n")) {
            route.start(call);
        }
        assertThat(child.asked()).containsExactly("get new:a\r\n", "get new:b\r\n", "get new:c\r\n");
    }

    @Test
    void restoresTheKeyOfALargeReplyAsItArrives() {
        RecordedCall call = RecordedCall.of("get old/k\r\n");
        route.start(call);
        child.begin("VALUE new:k 0 6\r\n", 25).more("abc").more("def\r\n").end();
        assertThat(call.answers()).containsExactly("[25:VALUE old/k 0 6\r\nabcdef\r\n]");
    }

    @Test
    void aLargeWholeReplyIsNotCopied() {
        RecordedCall call = RecordedCall.of("get k\r\n");
        route.start(call);
        child.reply("VALUE new:k 0 5000\r\n" + "v".repeat(5000) + "\r\n");
        assertThat(call.answers()).containsExactly("[5018:VALUE k 0 5000\r\n" + "v".repeat(5000) + "\r\n]");
    }

    @Test
    void refusesAKeyThatBecomesTooLongOrEmpty() {
        RecordedCall tooLong = RecordedCall.of("get " + "k".repeat(248) + "\r\n");
        route.start(tooLong);
        assertThat(tooLong.answers()).containsExactly("CLIENT_ERROR key too long after route_prefix\r\n");
        RecordedCall empty = RecordedCall.of("get old/\r\n");
        new PrefixRoute(PrefixRoute.Change.ofBeginning("old/", ""), child, requests).start(empty);
        assertThat(empty.answers()).containsExactly("CLIENT_ERROR key empty after route_prefix\r\n");
        assertThat(child.asked()).isEmpty();
    }

    @Test
    void siblingsAreSentTheKeyAsItCame() {
        ScriptedRoute sibling = new ScriptedRoute();
        new AllFastestRoute(new Route[] {route, sibling}, false, worker.get()).start(RecordedCall.of("mg old/key\r\n"));
        assertThat(sibling.asked()).containsExactly("mg old/key\r\n");
        assertThat(child.asked()).containsExactly("mg new:key\r\n");
    }
}
