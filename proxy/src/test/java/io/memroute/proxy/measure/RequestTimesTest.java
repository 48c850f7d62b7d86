package io.memroute.proxy.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.stats.LatencyBuckets;
import io.memroute.proxy.stats.LatencyRecorder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RequestTimesTest {

    private static final long MILLI = 1_000_000;

    private final LatencyRecorder queueTime = new LatencyRecorder();
    private final LatencyRecorder serverTime = new LatencyRecorder();
    private final RequestTimes times = new RequestTimes(queueTime, serverTime);

    private static String of(LatencyRecorder recorder) {
        long[] counts = new long[LatencyBuckets.COUNT];
        recorder.addTo(counts);
        return Arrays.stream(counts).sum() + " in " + recorder.sumNanos() / MILLI + " ms, most "
                + recorder.mostNanos() / MILLI + " ms";
    }

    private String queued() {
        return of(queueTime);
    }

    private String served() {
        return of(serverTime);
    }

    @Test
    void requestsOfOnePassWaitUntilTheWrite() {
        times.written(3, 10 * MILLI, 12 * MILLI);
        assertThat(queued()).isEqualTo("3 in 6 ms, most 2 ms");
        times.written(4, 20 * MILLI, 21 * MILLI);
        assertThat(queued()).isEqualTo("4 in 7 ms, most 2 ms");
    }

    @Test
    void requestsWithoutAConnectionWaitFromTheirOwnPassOn() {
        times.waits(0);
        times.waits(0);
        times.waits(5 * MILLI);
        times.written(4, 9 * MILLI, 10 * MILLI);
        assertThat(queued()).isEqualTo("4 in 26 ms, most 10 ms");
    }

    @Test
    void manyPassesWithoutAConnectionAreRemembered() {
        for (int pass = 1; pass <= 100; pass++) {
            times.waits(pass * MILLI);
        }
        times.written(100, 100 * MILLI, 100 * MILLI);
        assertThat(queued()).isEqualTo("100 in 4950 ms, most 99 ms");
    }

    @Test
    void repliesCountFromTheWriteOfTheirRequest() {
        times.written(2, 0, 0);
        times.written(5, 10 * MILLI, 10 * MILLI);
        times.answered(1, 11 * MILLI);
        assertThat(served()).isEqualTo("1 in 11 ms, most 11 ms");
        times.answered(4, 12 * MILLI);
        assertThat(served()).isEqualTo("4 in 27 ms, most 12 ms");
        times.answered(5, 13 * MILLI);
        times.answered(5, 14 * MILLI);
        assertThat(served()).isEqualTo("5 in 30 ms, most 12 ms");
    }

    @Test
    void manyWritesAreRemembered() {
        for (int write = 1; write <= 100; write++) {
            times.written(write, write * MILLI, write * MILLI);
        }
        times.answered(100, 100 * MILLI);
        assertThat(served()).isEqualTo("100 in 4950 ms, most 99 ms");
    }

    @Test
    void marksAreNobodysRequests() {
        times.written(2, 0, 0);
        times.markWritten();
        times.written(4, MILLI, MILLI);
        times.answered(3, 2 * MILLI);
        assertThat(served()).isEqualTo("2 in 4 ms, most 2 ms");
        times.answered(4, 2 * MILLI);
        assertThat(served()).isEqualTo("3 in 5 ms, most 2 ms");
        assertThat(queued()).isEqualTo("3 in 0 ms, most 0 ms");
    }

    @Test
    void aMarkMayBeAloneInItsWrite() {
        times.written(0, 0, 0);
        times.markWritten();
        times.answered(1, MILLI);
        times.written(2, MILLI, MILLI);
        times.answered(2, 3 * MILLI);
        assertThat(served()).isEqualTo("1 in 2 ms, most 2 ms");
    }

    @Test
    void aLostConnectionLeavesNothingBehind() {
        times.written(3, 0, 0);
        times.waits(MILLI);
        times.clear(4);
        times.answered(4, 5 * MILLI);
        assertThat(served()).isEqualTo("0 in 0 ms, most 0 ms");
        times.waits(6 * MILLI);
        times.written(5, 7 * MILLI, 7 * MILLI);
        times.answered(5, 9 * MILLI);
        assertThat(served()).isEqualTo("1 in 2 ms, most 2 ms");
        assertThat(queued()).isEqualTo("4 in 1 ms, most 1 ms");
    }
}
