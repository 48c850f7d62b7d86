package io.memroute.proxy.repeat;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

    /** A full heap ends the process once it is logged, also if it is the cause of what a task throws. */
    @Test
    void everyFailureIsLoggedButOnlyTheFirstOfARowAsAnError() {
        Logger log = (Logger) LoggerFactory.getLogger("memroute");
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.DEBUG);
        Queue<Runnable> runs = new ArrayDeque<>(List.<Runnable>of(
                () -> fail(new IllegalStateException("a failure of the test's")),
                () -> fail(new CompletionException(new OutOfMemoryError("of the test's"))),
                () -> {},
                () -> fail(new StackOverflowError())));
        Repeated task =
                new Repeated("a task of RepeatedTest", () -> runs.remove().run());
        try {
            while (!runs.isEmpty()) {
                task.run();
            }
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getFormattedMessage().startsWith("a task of RepeatedTest "))
                .extracting(line -> line.getLevel() + " " + line.getFormattedMessage() + ": "
                        + line.getThrowableProxy().getClassName())
                .containsExactly(
                        "ERROR a task of RepeatedTest failed; it goes on: java.lang.IllegalStateException",
                        "DEBUG a task of RepeatedTest failed again: java.util.concurrent.CompletionException",
                        "ERROR a task of RepeatedTest failed; it goes on: java.lang.StackOverflowError");
    }

    private static void fail(RuntimeException failure) {
        throw failure;
    }

    private static void fail(Error failure) {
        throw failure;
    }
}
