package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.NullRoute;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.ScriptedRoute;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Split, allasync and random. */
public class SmallRoutesTest {

    private final ScriptedRoute a = new ScriptedRoute();
    private final ScriptedRoute b = new ScriptedRoute();
    private final IgnoredCalls ignored = new IgnoredCalls();
    private final RecordedCall call = RecordedCall.of("ms key 2\r\nxy\r\n");

    @Test
    void splitSendsToBothAndAnswersWithA() {
        new SplitRoute(a, b, ignored).start(call);
        assertThat(b.asked()).containsExactly("ms key 2\r\nxy\r\n");
        assertThat(a.asked()).containsExactly("ms key 2\r\nxy\r\n");
        b.reply("HD b\r\n");
        assertThat(call.answers()).isEmpty();
        a.reply("HD a\r\n");
        assertThat(call.answers()).containsExactly("HD a\r\n");
        assertThat(call.holds()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVER_ERROR busy\r\n", "NS\r\n"})
    void splitAnswersWithAEvenIfBIsBetterAndLater(String reply) {
        new SplitRoute(a, b, ignored).start(call);
        a.reply(reply);
        assertThat(call.answers()).containsExactly(reply);
        assertThat(b.oldestOutstanding()).as("what b is still at work on").isEqualTo("ms key 2\r\nxy\r\n");
        assertThat(call.holds()).isEqualTo(1);
        b.begin("VA 1\r\n", 9).more("x\r\n").end();
        assertThat(call.holds()).isZero();
        assertThat(call.answers()).hasSize(1);
    }

    @Test
    void splitPassesALargeReplyOfAOnAsItArrives() {
        new SplitRoute(a, b, ignored).start(call);
        b.begin("VA 6\r\n", 14).more("abc").breakOff();
        a.begin("VA 6\r\n", 14).more("abcdef\r\n").end();
        assertThat(call.answers()).containsExactly("[14:VA 6\r\nabcdef\r\n]");
    }

    @Test
    void allAsyncAnswersAtOnceThatThereIsNothing() {
        new AllAsyncRoute(new Route[] {a, b}, ignored, new NullRoute()).start(call);
        assertThat(call.answers()).containsExactly("NS\r\n");
        assertThat(call.holds()).isEqualTo(2);
        a.reply("HD\r\n");
        b.reply("SERVER_ERROR busy\r\n");
        assertThat(call.answers()).hasSize(1);
        assertThat(call.holds()).isZero();
    }

    @Test
    void randomUsesEveryChildAndOneForEachRequest() {
        ScriptedRoute[] children = ScriptedRoute.several(3);
        RandomRoute route = new RandomRoute(children);
        List<RecordedCall> calls = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            calls.add(RecordedCall.of("mg " + i + "\r\n"));
            route.start(calls.get(i));
        }
        int asked = 0;
        for (ScriptedRoute child : children) {
            // A child gets fewer than 700 of 3000 once in 10^30 runs.
            assertThat(child.asked()).hasSizeBetween(700, 1300);
            asked += child.asked().size();
        }
        assertThat(asked).isEqualTo(3000);
    }

    @Test
    void randomReturnsTheReplyAsItIs() {
        new RandomRoute(new Route[] {a}).start(call);
        a.reply("SERVER_ERROR busy\r\n");
        assertThat(call.answers()).containsExactly("SERVER_ERROR busy\r\n");
    }
}
