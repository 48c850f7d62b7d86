package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Reply;
import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.ErrorKind;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.ScriptedRoute;
import io.memroute.proxy.route.TimedRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** @see "docs/reference/route-library.md section 2.7" */
public class FailoverRouteTest {

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute[] children = ScriptedRoute.several(3);
    private final RecordedCall call = RecordedCall.of("mg key v\r\n");

    private FailoverRoute route(boolean onMiss, Route... asked) {
        return new FailoverRoute(asked, onMiss, worker.get().userCounters().counter("default_retries"), worker.get());
    }

    private FailoverRoute timedRoute(boolean onMiss) {
        Route[] timed = new Route[children.length];
        for (int i = 0; i < timed.length; i++) {
            timed[i] = new TimedRoute(children[i], WAIT.toNanos(), worker.get());
        }
        return route(onMiss, timed);
    }

    /** The rows of the table; the children that have no reply there must not be asked. */
    @ParameterizedTest(name = "miss={0}: {1} gives {2}")
    @CsvSource({
        "false, EN, EN",
        "false, HD, HD",
        "false, SERVER_ERROR 1;EN, EN",
        "false, SERVER_ERROR 1;SERVER_ERROR 2;SERVER_ERROR 3, SERVER_ERROR 3",
        "true, EN k1;EN k2;EN k3, EN k3",
        "true, EN;SERVER_ERROR 2;SERVER_ERROR 3, EN",
        "true, SERVER_ERROR 1;EN;SERVER_ERROR 3, EN",
        "true, EN;SERVER_ERROR 2;HD, HD",
        "true, SERVER_ERROR 1;NOT_STORED, NOT_STORED",
        "false, SERVER_ERROR 1;NOT_STORED, NOT_STORED",
        "true, NF, NF",
        "true, NOT_FOUND, NOT_FOUND",
        "true, NS, NS",
        "false, CLIENT_ERROR bad;ERROR;HD, HD",
        "true, SERVER_ERROR backend failure;HD, HD"
    })
    void asksOneAfterTheOther(boolean onMiss, String replies, String expected) {
        route(onMiss, children).start(call);
        String[] each = replies.split(";");
        for (int i = 0; i < each.length; i++) {
            assertThat(call.answers()).as("answers before child " + i).isEmpty();
            assertThat(children[i].asked()).containsExactly("mg key v\r\n");
            children[i].reply(each[i] + "\r\n");
        }
        assertThat(call.answers()).containsExactly(expected + "\r\n");
        for (int i = each.length; i < children.length; i++) {
            assertThat(children[i].asked()).as("what child " + i + " was asked").isEmpty();
        }
        assertThat(worker.count("default_retries")).isEqualTo(each.length - 1);
    }

    @ParameterizedTest(name = "miss={0}: {1} gives {2}")
    @CsvSource({
        "false, NOT_FOUND;DELETED, DELETED",
        "false, NF;HD, HD",
        "false, NOT_FOUND;SERVER_ERROR 2;SERVER_ERROR 3, NOT_FOUND",
        "false, SERVER_ERROR 1;NF;NF 3, NF 3",
        "false, NF;EN, EN",
        "true, NF;EN;HD, HD",
        "false, NOT_STORED, NOT_STORED"
    })
    void goesOnAfterNotFoundIfItIsToldTo(boolean onMiss, String replies, String expected) {
        new FailoverRoute(
                        children,
                        new FailoverRoute.Rules(onMiss, true, ErrorKind.ALL, 3, false, Optional.empty()),
                        null,
                        worker.get())
                .start(call);
        String[] each = replies.split(";");
        for (int i = 0; i < each.length; i++) {
            assertThat(call.answers()).as("answers before child " + i).isEmpty();
            children[i].reply(each[i] + "\r\n");
        }
        assertThat(call.answers()).containsExactly(expected + "\r\n");
    }

    private FailoverRoute route(FailoverRoute.Rules rules) {
        return new FailoverRoute(children, rules, null, worker.get());
    }

    private static FailoverRoute.Rules after(ErrorKind... kinds) {
        return new FailoverRoute.Rules(false, false, Set.of(kinds), 3, false, Optional.empty());
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(ErrorKind.BAD, FixedReply.BACKEND_BAD),
                Arguments.of(ErrorKind.CONNECT, FixedReply.BACKEND_NOT_CONNECTED),
                Arguments.of(ErrorKind.FULL, FixedReply.BACKEND_FULL),
                Arguments.of(ErrorKind.TIMEOUT, FixedReply.BACKEND_LATE),
                Arguments.of(ErrorKind.TIMEOUT, FixedReply.WAIT_EXPIRED),
                Arguments.of(ErrorKind.LOST, FixedReply.BACKEND_FAILURE),
                Arguments.of(ErrorKind.SERVER_ERROR, FixedReply.OUT_OF_MEMORY_GET),
                Arguments.of(ErrorKind.SERVER_ERROR, FixedReply.ERROR),
                Arguments.of(ErrorKind.CLIENT_ERROR, FixedReply.BAD_DELETE));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void goesOnAfterTheKindsOfErrorsThatItIsTold(ErrorKind kind, Reply error) {
        route(after(kind)).start(call);
        children[0].reply(error);
        children[1].reply("HD\r\n");
        assertThat(call.answers()).containsExactly("HD\r\n");

        RecordedCall other = RecordedCall.of("mg key v\r\n");
        List<ErrorKind> others =
                Stream.of(ErrorKind.values()).filter(each -> each != kind).toList();
        ScriptedRoute[] again = ScriptedRoute.several(2);
        new FailoverRoute(
                        again,
                        new FailoverRoute.Rules(false, false, Set.copyOf(others), 2, false, Optional.empty()),
                        null,
                        worker.get())
                .start(other);
        again[0].reply(error);
        assertThat(other.answers()).hasSize(1).first().asString().contains("ERROR");
        assertThat(again[1].asked()).isEmpty();
    }

    @Test
    void anEarlierMissIsBetterThanAnErrorThatEndsIt() {
        route(new FailoverRoute.Rules(true, false, Set.of(ErrorKind.BAD), 3, false, Optional.empty()))
                .start(call);
        children[0].reply("EN\r\n");
        children[1].reply("SERVER_ERROR busy\r\n");
        assertThat(call.answers()).containsExactly("EN\r\n");
        assertThat(children[2].asked()).isEmpty();
    }

    @Test
    void onlyAPartOfTheRequestsGoesOnIfThatIsLimited() {
        FailoverRoute limited = route(new FailoverRoute.Rules(
                false, false, ErrorKind.ALL, 3, false, Optional.of(new FailoverRoute.Limit(0.25, 2))));
        StringBuilder course = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            RecordedCall each = RecordedCall.of("mg key v\r\n");
            limited.start(each);
            children[0].reply("SERVER_ERROR 1\r\n");
            if (each.answers().isEmpty()) {
                children[1].reply("HD\r\n");
            }
            course.append(each.answers().getFirst().charAt(0));
        }
        // Two at once, for which there are tokens, and then a fourth of the requests.
        assertThat(course).hasToString("HHSSHSSSHSSS");
    }

    @Test
    void asksThoseWithTheFewestErrorsInARowFirst() {
        FailoverRoute route = route(new FailoverRoute.Rules(false, false, ErrorKind.ALL, 2, true, Optional.empty()));
        ask(route, "SERVER_ERROR 1", "SERVER_ERROR 2", "");
        ask(route, "SERVER_ERROR 1", "", "SERVER_ERROR 3");
        ask(route, "SERVER_ERROR 1", "HD", "");
        ask(route, "SERVER_ERROR 1", "HD", "");
        ask(route, "HD", "", "");
    }

    /** Expects that the children are asked that have a reply here, and no others. */
    private void ask(FailoverRoute route, String... replies) {
        RecordedCall each = RecordedCall.of("mg key v\r\n");
        int[] before =
                Stream.of(children).mapToInt(child -> child.asked().size()).toArray();
        route.start(each);
        for (int i = 0; i < replies.length; i++) {
            if (!replies[i].isEmpty()) {
                children[i].reply(replies[i] + "\r\n");
            }
        }
        assertThat(each.answers()).hasSize(1);
        for (int i = 0; i < replies.length; i++) {
            assertThat(children[i].asked().size() - before[i]).as("child " + i).isEqualTo(replies[i].isEmpty() ? 0 : 1);
        }
    }

    @Test
    void aChildThatIsDownCostsNothing() {
        route(false, ScriptedRoute.answering("SERVER_ERROR backend failure\r\n"), ScriptedRoute.answering("HD\r\n"))
                .start(call);
        assertThat(call.answers()).containsExactly("HD\r\n");
    }

    @Test
    void aLargeHitIsPassedOnAsItArrives() {
        route(true, children).start(call);
        children[0].reply("EN\r\n");
        children[1].begin("VA 6\r\n", 14).more("abcdef\r\n").end();
        assertThat(call.answers()).containsExactly("[14:VA 6\r\nabcdef\r\n]");
        assertThat(worker.count("default_retries")).isEqualTo(1);
    }

    @Test
    void aValueThatBreaksOffIsNotAskedForElsewhereBecauseItsBeginningHasBeenPassedOn() {
        route(false, children).start(call);
        children[0].begin("VA 6\r\n", 14).more("abc").breakOff();
        assertThat(call.answers()).containsExactly("broken");
        assertThat(children[1].asked()).isEmpty();
    }

    @Test
    void whenTheWaitForOneExpiresTheNextIsAsked() {
        timedRoute(false).start(call);
        worker.pass(WAIT);
        children[1].reply("HD\r\n");
        assertThat(call.answers()).containsExactly("HD\r\n");
        children[0].reply("HD late\r\n");
        assertThat(call.answers()).hasSize(1);
        assertThat(call.holds()).isZero();
    }

    @Test
    void eachChildHasTheWholeWait() {
        timedRoute(false).start(call);
        worker.pass(WAIT);
        worker.pass(WAIT.minusNanos(1));
        assertThat(children[2].asked()).isEmpty();
        worker.pass(Duration.ofNanos(1));
        assertThat(children[2].asked()).hasSize(1);
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("SERVER_ERROR no reply within the wait of the route\r\n");
    }

    @Test
    void whenTheLastWaitExpiresAnEarlierErrorIsTheReply() {
        timedRoute(false).start(call);
        children[0].reply("SERVER_ERROR busy\r\n");
        worker.pass(WAIT);
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("SERVER_ERROR busy\r\n");
    }

    @Test
    void whenTheLastWaitExpiresAnEarlierMissIsTheReply() {
        timedRoute(true).start(call);
        children[0].reply("EN\r\n");
        worker.pass(WAIT);
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("EN\r\n");
    }

    /** zfailover is this: the near child, then all far ones at once. */
    @ParameterizedTest(name = "miss={0}: near {1}, far {2} gives {3}")
    @CsvSource({
        "true, HD near, '', HD near",
        "false, EN, '', EN",
        "true, EN, EN f1;HD f2, HD f2",
        "true, SERVER_ERROR near, EN f1;HD f2, HD f2",
        "true, EN near, EN f1;EN f2, EN f2",
        "true, EN near, SERVER_ERROR 1;EN f2, EN f2",
        "true, EN near, EN f1;SERVER_ERROR 2, EN f1",
        "true, EN near, SERVER_ERROR 1;SERVER_ERROR 2, EN near",
        "true, SERVER_ERROR near, SERVER_ERROR 1;SERVER_ERROR 2, SERVER_ERROR 2",
        "false, SERVER_ERROR near, EN f1, EN f1"
    })
    void asksTheNearZoneThenAllFarOnesAtOnce(boolean onMiss, String near, String far, String expected) {
        Route allFar = new AllFastestRoute(new Route[] {children[1], children[2]}, onMiss, worker.get());
        route(onMiss, children[0], allFar).start(call);
        children[0].reply(near + "\r\n");
        if (!far.isEmpty()) {
            String[] each = far.split(";");
            for (int i = 0; i < each.length; i++) {
                assertThat(children[1 + i].asked()).hasSize(1);
                children[1 + i].reply(each[i] + "\r\n");
            }
        }
        assertThat(call.answers()).containsExactly(expected + "\r\n");
        assertThat(worker.count("default_retries")).isEqualTo(far.isEmpty() ? 0 : 1);
    }
}
