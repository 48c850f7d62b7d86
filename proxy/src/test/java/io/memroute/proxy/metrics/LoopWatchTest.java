package io.memroute.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private long nanos = -5;
    private final LoopWatch watch = new LoopWatch(List.of(tasks::add), () -> nanos);

    private LoopNumbers numbers() {
        return watch.numbers().getFirst();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void measuresFromTheProbeToItsTurn() {
        watch.probe();
        pass(Duration.ofMillis(3));
        tasks.remove().run();

        assertThat(numbers().sumSeconds()).isEqualTo(0.003);
        assertThat(numbers().pending()).isZero();
        double[] bounds = LoopWatch.bounds();
        for (int i = 0; i < bounds.length; i++) {
            assertThat(numbers().counts()[i]).isEqualTo(bounds[i] == 0.005 ? 1 : 0);
        }
    }

    @Test
    void countsADelayAtABoundBelowItAndOneBeyondAllBoundsInTheLastBucket() {
        for (Duration delay : List.of(Duration.ofNanos(500_000), Duration.ofHours(1))) {
            watch.probe();
            pass(delay);
            tasks.remove().run();
        }
        assertThat(numbers().counts()).startsWith(1, 0).endsWith(0, 1);
    }

    @Test
    void seesALoopThatStandsStillByTheAgeOfItsOneProbe() {
        watch.probe();
        pass(Duration.ofSeconds(4));
        watch.probe();
        pass(Duration.ofSeconds(3));

        assertThat(numbers().pending()).isEqualTo(Duration.ofSeconds(7));
        assertThat(tasks).hasSize(1);
    }

    @Test
    void waitsForNothingFromALoopThatHasEnded() {
        LoopWatch ended = new LoopWatch(
                List.of(task -> {
                    throw new RejectedExecutionException();
                }),
                () -> nanos);
        ended.probe();
        pass(Duration.ofSeconds(9));
        assertThat(ended.numbers().getFirst().pending()).isZero();
    }
}
