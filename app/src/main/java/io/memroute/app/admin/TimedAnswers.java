package io.memroute.app.admin;

import io.memroute.app.options.ExitStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works out answers on threads of its own, a few at a time, and each within a time: one that takes longer is
 * interrupted and no longer waited for, whatever it is stuck in. Thread safe.
 */
final class TimedAnswers {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** One question keeps one thread busy; more would take processors from the workers. */
    private static final int AT_ONCE = 2;

    /**
     * Threads that were given up and have not ended, say in a file that is a pipe; with more of them nothing new is
     * begun.
     */
    private static final int MOST_GIVEN_UP = 6;

    private static final ThreadFactory THREADS =
            Thread.ofPlatform().name("memroute-answer-", 0).daemon().factory();

    private final Function<List<String>, AdminReply> answers;
    private final Duration limit;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final Semaphore threads = new Semaphore(AT_ONCE + MOST_GIVEN_UP);

    /**
     * @param answers called by at most {@value #AT_ONCE} threads at a time, besides those given up
     * @param limit how long a question may wait for its turn and its answer together
     */
    TimedAnswers(Function<List<String>, AdminReply> answers, Duration limit) {
        this.answers = answers;
        this.limit = limit;
    }

    AdminReply answer(List<String> words) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        if (!turns.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return failed("other questions are being answered; ask again later");
        }
        try {
            return answer(words, deadlineNanos);
        } finally {
            turns.release();
        }
    }

    private AdminReply answer(List<String> words, long deadlineNanos) throws InterruptedException {
        if (!threads.tryAcquire()) {
            return failed(MOST_GIVEN_UP
                    + " earlier questions took too long and have not ended; jstack of the proxy shows where they are");
        }
        FutureTask<AdminReply> task = new FutureTask<>(() -> {
            try {
                return answers.apply(words);
            } finally {
                threads.release();
            }
        });
        THREADS.newThread(task).start();
        try {
            return task.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            LOG.warn("admin: no answer within {} s: {}", limit.toSeconds(), String.join(" ", words));
            return failed("no answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            LOG.error("admin: {}", String.join(" ", words), e.getCause());
            return failed("internal error: " + e.getCause());
        }
    }

    private static AdminReply failed(String reason) {
        return new AdminReply(ExitStatus.FAILURE, false, reason + "\n");
    }
}
