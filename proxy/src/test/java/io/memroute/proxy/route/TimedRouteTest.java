package io.memroute.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.builtin.FailoverRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimedRouteTest {

    private static final Duration WAIT = Duration.ofMillis(100);
    private static final String EXPIRED = "SERVER_ERROR no reply within the wait of the route\r\n";

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute child = new ScriptedRoute();
    private final TimedRoute route = new TimedRoute(child, WAIT.toNanos(), worker.get());
    private final RecordedCall call = RecordedCall.of("get key\r\n");

    @Test
    void passesOnAReplyInTime() {
        route.start(call);
        worker.pass(WAIT.minusNanos(1));
        child.reply("END\r\n");
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("END\r\n");
        assertThat(call.holds()).isZero();
    }

    @Test
    void saysThatNoReplyCameAndSwallowsOneThatComesLate() {
        route.start(call);
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly(EXPIRED);
        assertThat(child.oldestOutstanding()).isEqualTo("get key\r\n");
        child.reply("VALUE key 0 1\r\nx\r\n");
        assertThat(call.answers()).containsExactly(EXPIRED);
        assertThat(call.holds()).isZero();
    }

    @Test
    void eachCallHasItsOwnDeadline() {
        RecordedCall second = RecordedCall.of("get second\r\n");
        RecordedCall third = RecordedCall.of("get third\r\n");
        route.start(call);
        worker.pass(Duration.ofMillis(40));
        route.start(second);
        route.start(third);
        worker.pass(Duration.ofMillis(60));
        assertThat(call.answers()).containsExactly(EXPIRED);
        assertThat(second.answers()).isEmpty();
        child.reply("END\r\n").reply("END\r\n");
        worker.pass(Duration.ofMillis(40));
        assertThat(second.answers()).containsExactly("END\r\n");
        assertThat(third.answers()).containsExactly(EXPIRED);
    }

    @Test
    void aCallStartedBecauseAnotherExpiredDoesNotDelayThoseBetween() {
        FailoverRoute twice = new FailoverRoute(new Route[] {route, route}, false, null, worker.get());
        twice.start(call);
        worker.pass(Duration.ofMillis(40));
        RecordedCall second = RecordedCall.of("get second\r\n");
        twice.start(second);
        worker.pass(Duration.ofMillis(60));
        assertThat(child.asked()).containsExactly("get key\r\n", "get second\r\n", "get key\r\n");
        worker.pass(Duration.ofMillis(40));
        assertThat(child.asked()).last().isEqualTo("get second\r\n");
        assertThat(child.asked()).hasSize(4);
        worker.pass(Duration.ofMillis(60));
        assertThat(call.answers()).containsExactly(EXPIRED);
        assertThat(second.answers()).isEmpty();
        worker.pass(Duration.ofMillis(40));
        assertThat(second.answers()).containsExactly(EXPIRED);
    }

    @Test
    void aLargeReplyThatHasBegunInTimeMayTakeAsLongAsItTakes() {
        route.start(call);
        child.begin("VALUE key 0 6\r\n", 23).more("abc");
        worker.pass(WAIT.multipliedBy(3));
        child.more("def\r\n").end();
        assertThat(call.answers()).containsExactly("[23:VALUE key 0 6\r\nabcdef\r\n]");
    }

    @Test
    void aLargeReplyThatBeginsTooLateIsSwallowed() {
        route.start(call);
        worker.pass(WAIT);
        child.begin("VALUE key 0 6\r\n", 23).more("abcdef\r\n").end();
        assertThat(call.answers()).containsExactly(EXPIRED);
        assertThat(call.holds()).isZero();
    }

    @Test
    void aChildThatAnswersAtOnceIsInTime() {
        new TimedRoute(ScriptedRoute.answering("END\r\n"), WAIT.toNanos(), worker.get()).start(call);
        worker.pass(WAIT);
        assertThat(call.answers()).containsExactly("END\r\n");
    }

    @Test
    void worksForManyCallsOfWhichSomeAreNeverAnswered() {
        List<RecordedCall> calls = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            RecordedCall each = RecordedCall.of("get " + i + "\r\n");
            calls.add(each);
            route.start(each);
            if (i % 3 != 0) {
                child.reply("VALUE x 0 1\r\n1\r\n");
            }
            worker.pass(Duration.ofMillis(1));
        }
        worker.pass(WAIT);
        assertThat(calls).allSatisfy(each -> assertThat(each.answers()).hasSize(1));
    }
}
