package io.memroute.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.metrics.LoopWatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final AtomicLong now = new AtomicLong();
    private final Queue<Runnable> worker = new ArrayDeque<>();
    private final LoopWatch workers = new LoopWatch(List.of(worker::add), now::get);

    @Test
    void saysNothingWhileAWorkerStandsStill() {
        try (NotifiedManager listener = NotifiedManager.on("@memroute-watchdog-test" + System.nanoTime())) {
            ServiceManager manager = ServiceManager.of(
                    listener.environment(1), ProcessHandle.current().pid());
            Watchdog watchdog = new Watchdog(manager, workers, LIMIT);

            watchdog.look();
            now.addAndGet(LIMIT.toNanos() + 1);
            manager.ready("it stands");
            watchdog.look();
            watchdog.look();
            manager.ready("it works");
            worker.forEach(Runnable::run);
            watchdog.look();

            manager.ready("the end");
            listener.awaitMessage("the end");
            assertThat(listener.messages().stream()
                            .map(line -> line.replaceAll(".*STATUS=", ""))
                            .toList())
                    .containsExactly("WATCHDOG=1", "it stands", "it works", "WATCHDOG=1", "the end");
        }
    }
}
