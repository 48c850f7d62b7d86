package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.ScriptedRoute;
import io.memroute.proxy.stats.UserCounter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReshardRouteTest {

    private static final long QUIET_MILLIS = 60_000;

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute from = new ScriptedRoute();
    private final ScriptedRoute to = new ScriptedRoute();
    private long now = 1_000_000;
    private final ReshardProgress progress =
            new ReshardProgress(QUIET_MILLIS, () -> Instant.ofEpochMilli(now), "route_reshard");

    private UserCounter counter(String name) {
        return worker.get().userCounters().counter(name);
    }

    /** Keys that begin with s have the same server in both pools. */
    private ReshardRoute route() {
        WarmRoute moving = new WarmRoute(
                to,
                from,
                new OwedKeys("route_reshard"),
                new OwnRequest.Source(),
                new WarmRoute.Counters(counter("x_moved"), counter("x_old_misses"), null),
                progress,
                worker.get());
        return new ReshardRoute(to, moving, request -> request.buffer().getByte(request.keyIndex()) == 's', progress);
    }

    private void missOnBothSides(ReshardRoute route) {
        RecordedCall call = RecordedCall.of("get moves\r\n");
        route.start(call);
        to.reply("END\r\n");
        from.reply("EN\r\n");
        assertThat(call.answers()).containsExactly("END\r\n");
    }

    @Test
    void aKeyThatStaysIsAskedForOnce() {
        RecordedCall call = RecordedCall.of("get stays\r\n");
        route().start(call);
        to.reply("END\r\n");
        assertThat(call.answers()).containsExactly("END\r\n");
        assertThat(from.asked()).isEmpty();
    }

    @Test
    void whatOnlyTheOldSideHasIsWrittenOverWithFlagsAndTime() {
        RecordedCall call = RecordedCall.of("get moves\r\n");
        route().start(call);
        to.reply("END\r\n");
        assertThat(from.asked()).containsExactly("mg moves k f t v\r\n");
        from.reply("VA 1 f7 t90\r\nx\r\n");
        assertThat(call.answers()).containsExactly("VALUE moves 7 1\r\nx\r\n");
        assertThat(to.asked()).containsExactly("get moves\r\n", "ms moves 1 F7 T90 ME c\r\nx\r\n");
        assertThat(worker.count("x_moved")).isEqualTo(1);
        assertThat(worker.count("x_old_misses")).isZero();
    }

    @Test
    void writesGoToBothSides() {
        route().start(RecordedCall.of("set moves 0 0 1\r\nx\r\n"));
        assertThat(from.asked()).hasSize(1);
        assertThat(to.asked()).hasSize(1);
    }

    @Test
    void theOldSideIsAskedNoMoreWhenItHasBeenSilentForLong() {
        ReshardRoute route = route();
        for (int i = 0; i < 200; i++) {
            missOnBothSides(route);
        }
        assertThat(worker.count("x_old_misses")).isEqualTo(200);
        now += QUIET_MILLIS - 1;
        missOnBothSides(route);
        assertThat(progress.isOver()).isFalse();
        now += 1;
        missOnBothSides(route);
        assertThat(progress.isOver()).isTrue();
        int asked = from.asked().size();
        route.start(RecordedCall.of("get moves\r\n"));
        assertThat(from.asked()).hasSize(asked);
        // A reload, or another proxy, may ask it again.
        route.start(RecordedCall.of("set moves 0 0 1\r\nx\r\n"));
        route.start(RecordedCall.of("delete moves\r\n"));
        assertThat(from.asked()).hasSize(asked + 2).endsWith("delete moves\r\n");
    }

    @Test
    void anOutageOfTheOldSideIsNoSilence() {
        ReshardRoute route = route();
        now += 10 * QUIET_MILLIS;
        for (int i = 0; i < 200; i++) {
            route.start(RecordedCall.of("get moves\r\n"));
            to.reply("END\r\n");
            from.reply("SERVER_ERROR backend failure\r\n");
        }
        assertThat(progress.isOver()).isFalse();
        assertThat(worker.count("x_old_misses")).isZero();
        for (int i = 0; i < 200; i++) {
            missOnBothSides(route);
        }
        assertThat(progress.isOver()).isFalse();
    }

    @Test
    void silenceOfASideThatNobodyAsksDoesNotCount() {
        ReshardRoute route = route();
        now += 10 * QUIET_MILLIS;
        for (int i = 0; i < 99; i++) {
            missOnBothSides(route);
        }
        assertThat(progress.isOver()).isFalse();
        missOnBothSides(route);
        assertThat(progress.isOver()).isTrue();
    }

    @Test
    void whatIsFoundBeginsTheSilenceAnew() {
        ReshardRoute route = route();
        now += 10 * QUIET_MILLIS;
        route.start(RecordedCall.of("get moves\r\n"));
        to.reply("END\r\n");
        from.reply("VA 1 f7 t90\r\nx\r\n");
        to.reply("HD\r\n");
        for (int i = 0; i < 200; i++) {
            missOnBothSides(route);
        }
        assertThat(progress.isOver()).isFalse();
    }
}
