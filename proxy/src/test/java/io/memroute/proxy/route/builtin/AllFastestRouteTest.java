package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.ScriptedRoute;
import io.memroute.proxy.route.TimedRoute;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see "docs/reference/route-library.md section 2.6" */
public class AllFastestRouteTest {

    private static final Duration WAIT = Duration.ofMillis(250);

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute[] children = ScriptedRoute.several(3);
    private final RecordedCall call = RecordedCall.of("mg key v\r\n");

    private AllFastestRoute route(boolean onMiss) {
        return new AllFastestRoute(children, onMiss, worker.get());
    }

    private AllFastestRoute timedRoute(boolean onMiss) {
        Route[] timed = new Route[children.length];
        for (int i = 0; i < timed.length; i++) {
            timed[i] = new TimedRoute(children[i], WAIT.toNanos(), worker.get());
        }
        return new AllFastestRoute(timed, onMiss, worker.get());
    }

    /**
     * The rows of the table. Replies arrive in the order written, each with the number of its child; after those up to
     * the bar the client has its reply.
     */
    @ParameterizedTest(name = "miss={0}: {1} gives {3}")
    @CsvSource({
        "false, 1 HD b, 0 HD a;2 HD c, HD b",
        "false, 0 SERVER_ERROR 1;1 EN, 2 HD c, EN",
        "true, 0 SERVER_ERROR 1;1 EN;2 HD c, '', HD c",
        "true, 0 EN k1;1 EN k2;2 EN k3, '', EN k3",
        "true, 2 EN k3;0 EN k1;1 EN k2, '', EN k3",
        "true, 0 SERVER_ERROR 1;1 EN;2 SERVER_ERROR 3, '', EN",
        "false, 0 SERVER_ERROR 1;1 SERVER_ERROR 2;2 SERVER_ERROR 3, '', SERVER_ERROR 3",
        "true, 2 SERVER_ERROR 3;0 SERVER_ERROR 1;1 SERVER_ERROR 2, '', SERVER_ERROR 3",
        "false, 0 SERVER_ERROR 1;1 SERVER_ERROR 2;2 EN, '', EN",
        "true, 2 HD c, 0 SERVER_ERROR 1;1 SERVER_ERROR 2, HD c",
        "true, 1 NF, 0 HD a;2 HD c, NF",
        "false, 1 NOT_STORED, 0 STORED;2 STORED, NOT_STORED"
    })
    void takesTheFirstGoodReplyElseTheBest(boolean onMiss, String until, String later, String expected) {
        AllFastestRoute route = route(onMiss);
        route.start(call);
        for (String reply : until.split(";")) {
            assertThat(call.answers()).as("answers before " + reply).isEmpty();
            children[reply.charAt(0) - '0'].reply(reply.substring(2) + "\r\n");
        }
        assertThat(call.answers()).containsExactly(expected + "\r\n");
        for (String reply : later.isEmpty() ? new String[0] : later.split(";")) {
            children[reply.charAt(0) - '0'].reply(reply.substring(2) + "\r\n");
        }
        assertThat(call.answers()).as("answers when all have answered").hasSize(1);
        assertThat(call.holds()).isZero();
    }

    @Test
    void theRequestStaysAsItIsUntilTheLastChildHasAnswered() {
        route(false).start(call);
        children[0].reply("HD\r\n");
        assertThat(call.answers()).hasSize(1);
        assertThat(call.holds()).isPositive();
        assertThat(children[1].oldestOutstanding()).isEqualTo("mg key v\r\n");
        children[1].reply("HD\r\n");
        children[2].reply("HD\r\n");
        assertThat(call.holds()).isZero();
    }

    @Test
    void aChildThatIsDownNeitherDelaysNorFailsTheRequest() {
        AllFastestRoute route = new AllFastestRoute(
                new Route[] {ScriptedRoute.answering("SERVER_ERROR backend failure\r\n"), children[1]},
                false,
                worker.get());
        route.start(call);
        assertThat(call.answers()).isEmpty();
        children[1].reply("EN\r\n");
        assertThat(call.answers()).containsExactly("EN\r\n");
    }

    @Test
    void theOtherChildrenAreAskedEvenIfTheFirstAnswersAtOnce() {
        new AllFastestRoute(new Route[] {ScriptedRoute.answering("HD\r\n"), children[1]}, false, worker.get())
                .start(call);
        assertThat(call.answers()).containsExactly("HD\r\n");
        assertThat(children[1].asked()).hasSize(1);
    }

    @Test
    void aLargeReplyIsPassedOnAsItArrivesAndOthersAreSkipped() {
        route(false).start(call);
        children[1].begin("VA 6\r\n", 14).more("abc");
        children[0].begin("VA 6\r\n", 14).more("xyzxyz\r\n").end();
        children[2].reply("HD\r\n");
        children[1].more("def\r\n").end();
        assertThat(call.answers()).containsExactly("[14:VA 6\r\nabcdef\r\n]");
        assertThat(call.holds()).isZero();
    }

    @Test
    void whenTheWaitExpiresWithoutAnyReplyTheClientIsToldSo() {
        timedRoute(false).start(call);
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("SERVER_ERROR no reply within the wait of the route\r\n");
        for (ScriptedRoute child : children) {
            child.reply("HD\r\n");
        }
        assertThat(call.answers()).hasSize(1);
        assertThat(call.holds()).isZero();
    }

    @Test
    void whenTheWaitExpiresAnErrorThatCameIsTheReplyWhicheverChildItIsFrom() {
        timedRoute(false).start(call);
        children[0].reply("SERVER_ERROR busy\r\n");
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("SERVER_ERROR busy\r\n");
    }

    @Test
    void whenTheWaitExpiresAMissThatCameIsTheReply() {
        timedRoute(true).start(call);
        children[1].reply("EN\r\n");
        worker.pass(WAIT.minusNanos(1));
        assertThat(call.answers()).isEmpty();
        worker.pass(Duration.ofNanos(1));
        assertThat(call.answers()).containsExactly("EN\r\n");
    }
}
