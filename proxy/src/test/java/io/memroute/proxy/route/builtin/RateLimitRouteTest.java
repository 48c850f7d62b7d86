package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.NullRoute;
import io.memroute.proxy.route.ScriptedRoute;
import io.memroute.proxy.route.choice.TokenBucket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** @see "docs/reference/route-library.md section 2.12" */
public class RateLimitRouteTest {

    private static final Duration TICK = Duration.ofMillis(100);

    private final ManualWorker worker = new ManualWorker();
    private final ScriptedRoute child = ScriptedRoute.answering("VALUE key 0 1\r\nx\r\n");

    private TokenBucket bucket(long limit, long fillRate) {
        return new TokenBucket(limit, fillRate, TICK.toNanos(), worker.get().nanoTime());
    }

    private RateLimitRoute route(TokenBucket bucket, boolean failUntilLimit) {
        return new RateLimitRoute(
                child,
                bucket,
                failUntilLimit,
                new NullRoute(),
                worker.get().userCounters().counter("default_limits"),
                worker.get());
    }

    private int admitted(RateLimitRoute route, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            RecordedCall call = RecordedCall.of("get key\r\n");
            route.start(call);
            if (call.answers().equals(java.util.List.of("VALUE key 0 1\r\nx\r\n"))) {
                admitted++;
            } else {
                assertThat(call.answers()).containsExactly("END\r\n");
            }
        }
        return admitted;
    }

    @Test
    void admitsAsManyAsTheBucketHoldsAndAnswersTheRestThatThereIsNothing() {
        RateLimitRoute route = route(bucket(5, 2), false);
        assertThat(admitted(route, 20)).isEqualTo(5);
        assertThat(child.asked()).hasSize(5);
        assertThat(worker.count("default_limits")).isEqualTo(15);
    }

    @Test
    void addsTokensWithEachTick() {
        RateLimitRoute route = route(bucket(5, 2), false);
        admitted(route, 20);
        worker.pass(TICK.minusNanos(1));
        assertThat(admitted(route, 20)).isZero();
        worker.pass(Duration.ofNanos(1));
        assertThat(admitted(route, 20)).isEqualTo(2);
        worker.pass(TICK.multipliedBy(2));
        assertThat(admitted(route, 20)).isEqualTo(4);
    }

    @Test
    void neverHoldsMoreThanItsLimit() {
        RateLimitRoute route = route(bucket(5, 2), false);
        worker.pass(Duration.ofDays(400));
        assertThat(admitted(route, 20)).isEqualTo(5);
    }

    @Test
    void failsUntilTheLimitIsReachedIfAskedTo() {
        RateLimitRoute route = route(bucket(3, 1), true);
        assertThat(admitted(route, 10)).isEqualTo(7);
        assertThat(worker.count("default_limits")).isEqualTo(3);
        worker.pass(TICK);
        assertThat(admitted(route, 10)).isEqualTo(9);
    }

    @Test
    void sendsTheRestToAnotherRouteIfThereIsOne() {
        ScriptedRoute others = ScriptedRoute.answering("VALUE key 0 1\r\no\r\n");
        RateLimitRoute route = new RateLimitRoute(child, bucket(1, 1), false, others, null, worker.get());
        for (int i = 0; i < 3; i++) {
            route.start(RecordedCall.of("get key\r\n"));
        }
        assertThat(child.asked()).hasSize(1);
        assertThat(others.asked()).hasSize(2);
    }

    @Test
    void oneBucketServesSeveralThreadsWithoutGivingATokenTwice() throws InterruptedException {
        TokenBucket bucket = new TokenBucket(100_000, 1, Long.MAX_VALUE, 0);
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> {
                    await(start);
                    for (int j = 0; j < 50_000; j++) {
                        if (bucket.take(0)) {
                            taken.incrementAndGet();
                        }
                    }
                });
            }
            start.countDown();
            threads.shutdown();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(taken).hasValue(100_000);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
