package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.ScriptedRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class ShadowRouteTest {

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute child = new ScriptedRoute();
    private final ScriptedRoute shadow = new ScriptedRoute();

    private ShadowRoute route(double share, boolean byKey, boolean compare) {
        ReplyComparison comparison = compare
                ? new ReplyComparison(
                        worker.get().userCounters().counter("s_same"),
                        worker.get().userCounters().counter("s_different"))
                : null;
        return new ShadowRoute(child, shadow, share, byKey, new IgnoredCalls(), comparison);
    }

    private int shadowed(ShadowRoute route, int requests, int keys) {
        int before = shadow.asked().size();
        for (int i = 0; i < requests; i++) {
            route.start(RecordedCall.of("mg key" + i % keys + "\r\n"));
        }
        return shadow.asked().size() - before;
    }

    @Test
    void theChildsReplyIsTheReply() {
        RecordedCall call = RecordedCall.of("mg key\r\n");
        route(1, true, false).start(call);
        shadow.reply("HD shadow\r\n");
        assertThat(call.answers()).isEmpty();
        child.reply("EN\r\n");
        assertThat(call.answers()).containsExactly("EN\r\n");
        assertThat(call.holds()).isZero();
    }

    @Test
    void aShareOfTheKeysIsAlwaysTheSameKeys() {
        ShadowRoute route = route(0.2, true, false);
        int first = shadowed(route, 1000, 1000);
        assertThat(first).isBetween(150, 250);
        assertThat(shadowed(route, 1000, 1000)).isEqualTo(first);
        assertThat(shadow.asked().subList(0, first)).isEqualTo(shadow.asked().subList(first, 2 * first));
    }

    @Test
    void aLargerShareHasAllKeysOfASmallerOne() {
        shadowed(route(0.1, true, false), 1000, 1000);
        var small = java.util.List.copyOf(shadow.asked());
        shadow.asked().clear();
        shadowed(route(0.5, true, false), 1000, 1000);
        assertThat(shadow.asked()).containsAll(small);
    }

    @Test
    void aShareOfTheRequestsIsDrawnAnewForEach() {
        assertThat(shadowed(route(0.5, false, false), 1000, 1)).isBetween(350, 650);
    }

    @Test
    void allAndNothingAreExact() {
        assertThat(shadowed(route(1, false, false), 100, 100)).isEqualTo(100);
        assertThat(shadowed(route(0, true, false), 100, 100)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "EN, EN, true",
        "EN, HD, false",
        "VA 1 t30|x, VA 1 t99|x, true",
        "VA 1|x, VA 1|y, false",
        "VALUE key 0 1 5|x, VALUE key 0 1 6|x, true",
        "SERVER_ERROR a, SERVER_ERROR b, true",
        "VA 0|, HD, false"
    })
    void countsWhetherBothSayTheSame(String ofChild, String ofShadow, boolean same) {
        RecordedCall call = RecordedCall.of("mg key v\r\n");
        route(1, true, true).start(call);
        child.reply(ofChild.replace("|", "\r\n") + "\r\n");
        assertThat(call.answers()).containsExactly(ofChild.replace("|", "\r\n") + "\r\n");
        assertThat(call.holds()).isPositive();
        shadow.reply(ofShadow.replace("|", "\r\n") + "\r\n");
        assertThat(worker.count("s_same")).isEqualTo(same ? 1 : 0);
        assertThat(worker.count("s_different")).isEqualTo(same ? 0 : 1);
        assertThat(call.holds()).isZero();
    }

    @Test
    void comparesLargeRepliesHoweverTheyArrive() {
        RecordedCall call = RecordedCall.of("mg key v\r\n");
        route(1, true, true).start(call);
        shadow.begin("VA 6\r\n", 14).more("a").more("bcde").more("f\r\n").end();
        child.begin("VA 6\r\n", 14).more("abc").more("def\r").more("\n").end();
        assertThat(call.answers()).containsExactly("[14:VA 6\r\nabcdef\r\n]");
        assertThat(worker.count("s_same")).isEqualTo(1);
    }
}
