package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.ScriptedRoute;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see "docs/reference/route-library.md section 2.9" */
public class TtlRouteTest {

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute child = new ScriptedRoute();

    private static TtlRoute route(int ttl, Route child) {
        return new TtlRoute(ttl, child, new OwnRequest.Source());
    }

    @ParameterizedTest
    @CsvSource({
        "ms key 2 T999, ms key 2 T45",
        "ms key 2, ms key 2 T45",
        "ms key 2 F9, ms key 2 F9 T45",
        "ms key 2 T999 F9 I, ms key 2 T45 F9 I",
        "set key 5 999 2, set key 5 45 2",
        "add key 5 999 2 noreply, add key 5 45 2 noreply",
        "cas key 5 999 2 77, cas key 5 45 2 77"
    })
    void replacesTheTimeToLive(String request, String expected) {
        RecordedCall call = RecordedCall.of(request + "\r\nxy\r\n");
        route(45, child).start(call);
        assertThat(child.asked()).containsExactly(expected + "\r\nxy\r\n");
        child.reply("STORED\r\n");
        assertThat(call.answers()).containsExactly("STORED\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "ms key 2 T999, ms key 2 T45",
        "ms key 2 T44, ms key 2 T44",
        "ms key 2 T0, ms key 2 T45",
        "ms key 2, ms key 2 T45",
        "set key 5 46 2, set key 5 45 2",
        "set key 5 45 2, set key 5 45 2",
        "set key 5 0 2, set key 5 45 2",
        "set key 5 -1 2, set key 5 -1 2",
        "set key 5 5000044 2, set key 5 5000044 2",
        "set key 5 5000046 2, set key 5 45 2",
        "set key 5 4000000 2, set key 5 4000000 2",
        "set key 5 2592000 2, set key 5 45 2"
    })
    void shortensWhatLivesLonger(String request, String expected) {
        RecordedCall call = RecordedCall.of(request + "\r\nxy\r\n");
        new TtlRoute(45, true, () -> Instant.ofEpochSecond(5_000_000), child, new OwnRequest.Source()).start(call);
        assertThat(child.asked()).containsExactly(expected + "\r\nxy\r\n");
        child.reply("STORED\r\n");
        assertThat(call.answers()).containsExactly("STORED\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get key",
                "gat 1 key",
                "mg key v",
                "md key",
                "touch key 1",
                "incr key 1",
                "replace key 0 0 0",
                "append key 0 0 0"
            })
    void refusesOtherCommands(String request) {
        RecordedCall call = RecordedCall.of(request + "\r\n\r\n");
        route(45, child).start(call);
        assertThat(call.answers()).containsExactly("SERVER_ERROR invalid command for route_ttl\r\n");
        assertThat(child.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 7, 999, Integer.MAX_VALUE})
    void siblingsAreSentTheRequestAsItCame(int ttl) {
        ScriptedRoute sibling = new ScriptedRoute();
        RecordedCall call = RecordedCall.of("set key 0 999 5\r\nhello\r\n");
        new AllSyncRoute(new Route[] {route(ttl, child), sibling}, worker.get()).start(call);
        assertThat(child.asked()).containsExactly("set key 0 " + ttl + " 5\r\nhello\r\n");
        assertThat(sibling.asked()).containsExactly("set key 0 999 5\r\nhello\r\n");
    }

    @Test
    void theNextChildOfAFailoverIsSentTheRequestAsItCame() {
        ScriptedRoute next = new ScriptedRoute();
        RecordedCall call = RecordedCall.of("ms key 2 T999\r\nxy\r\n");
        new FailoverRoute(new Route[] {route(1, child), next}, false, null, worker.get()).start(call);
        child.reply("SERVER_ERROR busy\r\n");
        assertThat(next.asked()).containsExactly("ms key 2 T999\r\nxy\r\n");
    }

    @Test
    void theChildsRequestStaysAsItIsWhenTheParentHasBeenAnswered() {
        ScriptedRoute[] children = ScriptedRoute.several(2);
        TtlRoute route = route(30, new AllFastestRoute(children, false, worker.get()));
        RecordedCall call = RecordedCall.of("set key 0 999 2\r\nab\r\n");
        route.start(call);
        children[0].reply("STORED\r\n");
        assertThat(call.answers()).containsExactly("STORED\r\n");
        route.start(RecordedCall.of("set other 0 1 2\r\ncd\r\n"));
        assertThat(children[1].oldestOutstanding()).isEqualTo("set key 0 30 2\r\nab\r\n");
    }

    @Test
    void aRequestThatHasTooManyFlagsWithTheTimeToLiveIsRefused() {
        RecordedCall call = RecordedCall.of("ms key 0 O1 k F1 I q s v f t c h l u x z w y\r\n\r\n");
        route(45, child).start(call);
        assertThat(call.answers()).containsExactly("CLIENT_ERROR options flags are too long\r\n");
        assertThat(child.asked()).isEmpty();
    }
}
