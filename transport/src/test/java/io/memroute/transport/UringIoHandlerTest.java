package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.transport.kernel.UringFootprint;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The event loop alone: tasks, timers, waking, and its end. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class UringIoHandlerTest {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, UringIoHandler.newFactory());

    @AfterEach
    void everythingIsGivenBack() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        assertThat(UringFootprint.now()).isEqualTo(new UringFootprint(0, 0, 0, 0));
    }

    @Test
    void tasksOfOtherThreadsWakeAnIdleLoop() throws InterruptedException {
        EventLoop loop = group.next();
        for (int i = 0; i < 2000; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            loop.execute(ran::countDown);
            assertThat(ran.await(5, TimeUnit.SECONDS)).as("task " + i).isTrue();
        }
    }

    @Test
    void noTaskIsLostBetweenManyThreads() throws InterruptedException {
        EventLoop loop = group.next();
        int threads = 4;
        int tasks = 20_000;
        CountDownLatch ran = new CountDownLatch(threads * tasks);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < tasks; i++) {
                    loop.execute(ran::countDown);
                }
            });
        }
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void loopsWakeEachOther() throws InterruptedException {
        EventLoop one = group.next();
        EventLoop other = group.next();
        CountDownLatch turns = new CountDownLatch(10_000);
        Runnable turn = new Runnable() {
            @Override
            public void run() {
                turns.countDown();
                if (turns.getCount() == 0) {
                    return;
                }
                (one.inEventLoop() ? other : one).execute(this);
            }
        };
        one.execute(turn);
        assertThat(turns.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void timersRunAtTheirTime() throws InterruptedException {
        EventLoop loop = group.next();
        AtomicLong earliest = new AtomicLong(Long.MAX_VALUE);
        CountDownLatch ran = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(i * 4L);
            loop.schedule(
                    () -> {
                        earliest.accumulateAndGet(System.nanoTime() - due, Math::min);
                        ran.countDown();
                    },
                    i * 4L,
                    TimeUnit.MILLISECONDS);
        }
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(earliest.get()).isNotNegative();
    }

    @Test
    void anIdleLoopSleeps() throws Exception {
        EventLoop loop = group.next();
        long cpuBefore = loop.submit(UringIoHandlerTest::threadCpuNanos).get();
        loop.schedule(() -> {}, 300, TimeUnit.MILLISECONDS).get();
        long used = loop.submit(UringIoHandlerTest::threadCpuNanos).get() - cpuBefore;
        assertThat(used).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
    }

    private static long threadCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void aRingOfImpossibleSizeIsRefusedWithTheReason() {
        assertThatThrownBy(() -> new UringOptions(
                        1000,
                        8192,
                        UringOptions.DEFAULT.small(),
                        UringOptions.DEFAULT.large(),
                        UringOptions.DEFAULT.allocator()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("submissions = 1000; expected a power of two of at most 32768");
    }
}
