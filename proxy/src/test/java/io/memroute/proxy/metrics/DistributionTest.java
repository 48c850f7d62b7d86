package io.memroute.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memroute.proxy.stats.LatencyRecorder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

    private static final long MILLI = 1_000_000;

    private static Distribution of(LatencyRecorder... recorders) {
        return Distribution.of(List.of(recorders));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 50, 90, 99, 99.9, 100})
    void percentilesAreWithinFourPercent(double percentile) {
        Random random = new Random(7);
        long[] nanos = random.doubles(100_000, 4, 10)
                .mapToLong(exponent -> (long) Math.pow(10, exponent))
                .sorted()
                .toArray();
        LatencyRecorder recorder = new LatencyRecorder();
        Arrays.stream(nanos).forEach(each -> recorder.record(each, 1));

        double exact = nanos[(int) Math.ceil(nanos.length * percentile / 100) - 1] / 1e9;
        assertThat(of(recorder).percentileSeconds(percentile)).isCloseTo(exact, within(exact * 0.04));
        assertThat(of(recorder).count()).isEqualTo(nanos.length);
        assertThat(of(recorder).sumSeconds()).isCloseTo(Arrays.stream(nanos).sum() / 1e9, within(1e-6));
        assertThat(of(recorder).maxSeconds()).isEqualTo(nanos[nanos.length - 1] / 1e9);
    }

    @Test
    void hasNothingToSayWithoutDurations() {
        assertThat(Distribution.EMPTY.count()).isZero();
        assertThat(Distribution.EMPTY.percentileSeconds(99)).isZero();
        assertThat(Distribution.EMPTY.maxSeconds()).isZero();
        assertThat(Distribution.EMPTY.meanSeconds()).isZero();
        assertThat(of(new LatencyRecorder()).countUpTo(1)).isZero();
    }

    @Test
    void countsUpToTheBoundsOfMonitoringSystemsExactly() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(MILLI / 4, 3);
        recorder.record(MILLI / 4 + 1, 2);
        recorder.record(20_000 * MILLI, 1);
        assertThat(of(recorder).countUpTo(0.0001)).isZero();
        assertThat(of(recorder).countUpTo(0.00025)).isEqualTo(3);
        assertThat(of(recorder).countUpTo(0.0005)).isEqualTo(5);
        assertThat(of(recorder).countUpTo(2.5)).isEqualTo(5);
        assertThat(of(recorder).count()).isEqualTo(6);
        assertThat(Distribution.shownSeconds()).contains(0.00025, 0.0005, 2.5);
    }

    @Test
    void addsUpTheRecordersOfSeveralWorkers() {
        LatencyRecorder one = new LatencyRecorder();
        LatencyRecorder other = new LatencyRecorder();
        one.record(MILLI, 10);
        other.record(100 * MILLI, 5);
        assertThat(of(one, other).count()).isEqualTo(15);
        assertThat(of(one, other).maxSeconds()).isEqualTo(0.1);
        assertThat(of(one).plus(of(other)).percentileSeconds(99)).isCloseTo(0.1, within(0.004));
        assertThat(Distribution.sum(List.of(of(one), of(other))).sumSeconds()).isCloseTo(0.51, within(1e-9));
    }

    @Test
    void anIntervalHasOnlyWhatCameInIt() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(100 * MILLI, 5);
        recorder.record(MILLI, 1);
        Distribution before = of(recorder);
        recorder.record(MILLI, 4);
        recorder.record(2 * MILLI, 1);
        Distribution interval = of(recorder).minus(before);
        assertThat(interval.count()).isEqualTo(5);
        assertThat(interval.sumSeconds()).isCloseTo(0.006, within(1e-9));
        assertThat(interval.percentileSeconds(50)).isCloseTo(0.001, within(0.00004));
        assertThat(interval.maxSeconds()).isBetween(0.002, 0.00216);
        assertThat(of(recorder).minus(of(recorder)).count()).isZero();
    }

    @Test
    void anIntervalWithTheLongestDurationEverKnowsItExactly() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(MILLI, 1);
        Distribution before = of(recorder);
        recorder.record(7 * MILLI, 1);
        assertThat(of(recorder).minus(before).maxSeconds()).isEqualTo(0.007);
    }

    @Test
    void anIntervalInWhichCountingStartedOverHasAllSinceThen() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(100 * MILLI, 5);
        Distribution before = of(recorder);
        recorder.reset();
        recorder.record(MILLI, 2);
        Distribution interval = of(recorder).minus(before);
        assertThat(interval.count()).isEqualTo(2);
        assertThat(interval.maxSeconds()).isEqualTo(0.001);
    }
}
