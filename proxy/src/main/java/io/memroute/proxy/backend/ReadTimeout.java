package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.worker.WorkerContext;
import java.util.concurrent.TimeUnit;

/**
 * Notices that a backend is late: with the reply to the oldest request, or with the answer to the handshake. Owned by
 * the worker's thread.
 *
 * <p>There is one timer at a time, which looks when it fires how old the oldest request is: requests and replies need
 * not touch it.
 */
final class ReadTimeout {

    /** Long enough for the loop to read its sockets before it looks once more whether a reply is late. */
    private static final long READ_FIRST_NANOS = 1_000_000;

    private final WorkerContext worker;
    private final ReplyMatcher matcher;
    private final Runnable late;
    private final RequestAges ages = new RequestAges();
    private final long replyNanos;
    /** A part of connecting: a read timeout of some milliseconds is for requests on a warm connection. */
    private final long handshakeNanos;

    private boolean handshaking;
    private long handshakeSentNanos;
    private boolean timerRunning;
    private boolean lookedAgain;

    /** @param late is run when the backend is late */
    ReadTimeout(BackendSpec spec, WorkerContext worker, ReplyMatcher matcher, Runnable late) {
        this.worker = worker;
        this.matcher = matcher;
        this.late = late;
        this.replyNanos = spec.readTimeout().toNanos();
        this.handshakeNanos = Math.max(replyNanos, spec.connectTimeout().toNanos());
    }

    /** Notes that the handshake has been sent; it may be called again when the handshake has left. */
    void handshakeSent() {
        handshaking = true;
        handshakeSentNanos = worker.nanoTime();
        startTimer();
    }

    /** Notes that the handshake has been answered. */
    void handshakeAnswered() {
        handshaking = false;
    }

    /** Notes that the requests expected so far are written. */
    void written(long nowNanos) {
        ages.written(matcher.expected(), matcher.answered(), nowNanos);
        startTimer();
    }

    /** Notes bytes of a large reply, which has ended or goes on. */
    void received(int bytes) {
        ages.received(bytes, !matcher.streaming(), worker.nanoTime());
    }

    /** Expects nothing any more: the connection is lost. */
    void clear() {
        handshaking = false;
        ages.clear();
    }

    private void startTimer() {
        if (!timerRunning) {
            startTimer(replyNanos);
        }
    }

    private void startTimer(long nanos) {
        timerRunning = true;
        worker.loop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        timerRunning = false;
        boolean lastLook = lookedAgain;
        lookedAgain = false;
        if (!handshaking && !ages.isWaiting(matcher.answered()) && !matcher.streaming()) {
            return;
        }
        long dueNanos =
                handshaking ? handshakeSentNanos + handshakeNanos : ages.oldestNanos(matcher.answered()) + replyNanos;
        long leftNanos = dueNanos - worker.nanoTime();
        if (leftNanos <= 0 && lastLook) {
            late.run();
            return;
        }
        // The loop may have been busy with something else: what came in time and has not been read is read first.
        lookedAgain = leftNanos <= 0;
        startTimer(Math.max(leftNanos, READ_FIRST_NANOS));
    }
}
