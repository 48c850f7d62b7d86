package io.memroute.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyBucketsTest {

    @Test
    void everyDurationIsInTheBucketWithTheLeastBoundThatIsNotBelowIt() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            long nanos = (long) Math.pow(10, random.nextDouble() * 11);
            assertIsIn(LatencyBuckets.of(nanos), nanos);
        }
        for (int bucket = 0; bucket < LatencyBuckets.COUNT - 1; bucket++) {
            long bound = LatencyBuckets.upperNanos(bucket);
            assertThat(LatencyBuckets.of(bound)).isEqualTo(bucket);
            assertThat(LatencyBuckets.of(bound + 1)).isEqualTo(bucket + 1);
        }
    }

    private static void assertIsIn(int bucket, long nanos) {
        assertThat(nanos).isLessThanOrEqualTo(LatencyBuckets.upperNanos(bucket));
        if (bucket > 0) {
            assertThat(nanos).isGreaterThan(LatencyBuckets.upperNanos(bucket - 1));
        }
    }

    @Test
    void durationsOutsideOfTheRangeHaveABucket() {
        assertThat(LatencyBuckets.of(0)).isZero();
        assertThat(LatencyBuckets.of(-5)).isZero();
        assertThat(LatencyBuckets.of(Long.MAX_VALUE)).isEqualTo(LatencyBuckets.COUNT - 1);
    }

    @Test
    void theMiddleIsWithinFourPercentOfEveryDurationFromTenMicrosecondsToTenSeconds() {
        for (long nanos = 10_001; nanos <= 10_000_000_000L; nanos += 1 + nanos / 1000) {
            double error = LatencyBuckets.middleNanos(LatencyBuckets.of(nanos)) / (double) nanos - 1;
            assertThat(error).as("%s ns", nanos).isBetween(-0.04, 0.04);
        }
    }

    @Test
    void theBoundsThatAreShownAreBoundsOfBuckets() {
        long[] bounds = IntStream.range(0, LatencyBuckets.COUNT)
                .mapToLong(LatencyBuckets::upperNanos)
                .toArray();
        assertThat(bounds).isSorted().contains(LatencyBuckets.shownNanos());
    }
}
