package io.memroute.proxy.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.stats.LatencyRecorder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests wait at a server if they take clearly longer than one that finds no other there. */
class ServerDelayTest {

    private final RequestTimes times = new RequestTimes(new LatencyRecorder(), new LatencyRecorder());
    private final ServerDelay delay = new ServerDelay();
    private long requests;

    private static long nanos(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** Has so many requests written at once and answered at a time. Returns whether they waited. */
    private boolean waits(int count, long micros, long nowMillis) {
        long now = TimeUnit.MILLISECONDS.toNanos(nowMillis);
        requests += count;
        times.written(requests, now - nanos(micros), now - nanos(micros));
        delay.answered(times.answered(requests, now), times, now);
        return delay.waits();
    }

    private boolean aloneWaits(long micros, long nowMillis) {
        return waits(1, micros, nowMillis);
    }

    @Test
    void theShortestTimeIsTheMeasure() {
        assertThat(aloneWaits(500, 5000)).isFalse();
        assertThat(aloneWaits(100, 5000)).isFalse();
        assertThat(aloneWaits(200, 5000)).isFalse();
        assertThat(aloneWaits(201, 5000)).isTrue();
    }

    @Test
    void farServersMayVaryMore() {
        assertThat(aloneWaits(10_000, 5000)).isFalse();
        assertThat(aloneWaits(15_050, 5000)).isFalse();
        assertThat(aloneWaits(15_051, 5000)).isTrue();
        assertThat(aloneWaits(100_000, 9000)).isTrue();
        assertThat(aloneWaits(105_051, 11_000)).isTrue();
    }

    @Test
    void aServerThatHasBecomeSlowerIsTakenAsItIs() {
        assertThat(aloneWaits(100, 5000)).isFalse();
        assertThat(aloneWaits(5000, 6000)).isTrue();
        assertThat(aloneWaits(5000, 6999)).isTrue();
        assertThat(aloneWaits(5000, 7000)).isFalse();
    }

    @Test
    void aQueueThatStandsIsNeverTakenForTheServersOwnTime() {
        assertThat(aloneWaits(100, 5000)).isFalse();
        for (int second = 6; second < 20; second++) {
            assertThat(waits(64, 6400, second * 1000)).isTrue();
        }
    }

    @Test
    void requestsThatAreWrittenBehindOthersAreNotAlone() {
        times.written(1, 0, 0);
        times.written(2, nanos(10), nanos(10));
        times.answered(2, nanos(300));
        assertThat(times.aloneServerNanos()).isEqualTo(nanos(300));
        times.written(3, nanos(400), nanos(400));
        times.written(4, nanos(410), nanos(410));
        times.answered(3, nanos(500));
        assertThat(times.aloneServerNanos()).isEqualTo(nanos(100));
        times.answered(4, nanos(600));
        assertThat(times.aloneServerNanos()).isZero();
    }

    @Test
    void theServersSpeedIsItsTimeAtWorkForARequestAmongMany() {
        waits(1, 15_000, 5000);
        assertThat(delay.doneIn(nanos(200))).isEqualTo(Integer.MAX_VALUE);
        waits(199, 5000, 5100);
        assertThat(delay.doneIn(nanos(200))).isEqualTo(2);
        waits(10_000, 20_000, 5200);
        assertThat(delay.doneIn(nanos(200))).isEqualTo(100);
    }

    @Test
    void aServerThatDoesMuchLessThanItCouldForAWhileIsNotGivenEnough() {
        waits(200, 20_000, 5000);
        waits(90, 20_000, 5100);
        assertThat(delay.doneIn(nanos(200))).isEqualTo(2);
        waits(90, 20_000, 5200);
        assertThat(delay.doneIn(nanos(200))).isEqualTo(Integer.MAX_VALUE);
        waits(110, 20_000, 5300);
        assertThat(delay.doneIn(nanos(200))).isEqualTo(2);
    }

    @Test
    void timeInWhichNothingWasAskedIsNoTimeAtWork() {
        times.written(1, 0, 0);
        times.answered(1, nanos(100));
        assertThat(times.dueNanos()).isEqualTo(nanos(100));
        times.written(2, nanos(900), nanos(900));
        times.written(3, nanos(950), nanos(950));
        times.answered(2, nanos(1000));
        assertThat(times.dueNanos()).isEqualTo(nanos(100));
        times.answered(3, nanos(1030));
        assertThat(times.dueNanos()).isEqualTo(nanos(30));
    }

    @Test
    void anotherConnectionHasTimesOfItsOwn() {
        assertThat(aloneWaits(100, 5000)).isFalse();
        delay.clear();
        assertThat(aloneWaits(5000, 5000)).isFalse();
    }
}
