package io.memroute.proxy.repeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RepeatedTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** The timer itself would never run it again. */
    @Test
    void aTimerRunsATaskAgainThatThrows() throws Exception {
        CountDownLatch runs = new CountDownLatch(4);
        Repeated task = new Repeated("a task of the test", () -> {
            runs.countDown();
            if (runs.getCount() % 2 == 0) {
                throw new IllegalStateException("a failure of the test's");
            }
            throw new StackOverflowError();
        });
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            timer.scheduleAtFixedRate(task, 0, 1, TimeUnit.MILLISECONDS);
            assertThat(runs.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            timer.shutdownNow();
        }
    }
}
