package io.memroute.app.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.GATEWAY_TIMEOUT;
import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
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

    private final Duration limit;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final Semaphore threads = new Semaphore(AT_ONCE + MOST_GIVEN_UP);

    /** @param limit how long a question may wait for its turn and its answer together */
    TimedAnswers(Duration limit) {
        this.limit = limit;
    }

    /**
     * Waits for the answer.
     *
     * @param question for the log
     * @param answer called by at most {@value #AT_ONCE} threads at a time, besides those given up
     */
    AdminResponse answer(String question, Supplier<AdminResponse> answer) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        if (!turns.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return AdminResponse.text(SERVICE_UNAVAILABLE, "other questions are being answered; ask again later\n");
        }
        try {
            return answer(question, answer, deadlineNanos);
        } finally {
            turns.release();
        }
    }

    private AdminResponse answer(String question, Supplier<AdminResponse> answer, long deadlineNanos)
            throws InterruptedException {
        if (!threads.tryAcquire()) {
            return AdminResponse.text(
                    SERVICE_UNAVAILABLE,
                    MOST_GIVEN_UP + " earlier questions took too long and have not ended;"
                            + " jstack of the proxy shows where they are\n");
        }
        FutureTask<AdminResponse> task = new FutureTask<>(() -> {
            try {
                return answer.get();
            } finally {
                threads.release();
            }
        });
        THREADS.newThread(task).start();
        try {
            return task.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            LOG.warn("admin: no answer within {} s: {}", limit.toSeconds(), question);
            return AdminResponse.text(GATEWAY_TIMEOUT, "no answer within " + limit.toSeconds() + " s\n");
        } catch (ExecutionException e) {
            LOG.error("admin: {}", question, e.getCause());
            return AdminResponse.text(INTERNAL_SERVER_ERROR, "internal error: " + e.getCause() + "\n");
        }
    }
}
