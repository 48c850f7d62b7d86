package io.memroute.proxy.discovery.source;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A limit to the time of reading an answer, whose sender may go on for ever with a byte now and then: what is read from
 * is closed when the time is over, so that the reader gets an error. Close this when the answer has been read.
 */
final class ReadingTime implements AutoCloseable {

    private final CompletableFuture<Void> end;
    private volatile boolean over;

    /** Begins now. */
    ReadingTime(Closeable source, Duration limit) {
        end = CompletableFuture.runAsync(
                () -> end(source), CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void end(Closeable source) {
        over = true;
        close(source);
    }

    /** Returns what is wrong: that the time is over, or else the error that reading ended with. */
    IOException reason(IOException error) {
        if (!over) {
            return error;
        }
        SocketTimeoutException late = new SocketTimeoutException("the answer did not end in time");
        late.initCause(error);
        return late;
    }

    /** Closes what is of no use any more. */
    static void close(Closeable source) {
        try {
            source.close();
        } catch (IOException e) {
            // Nothing more is read from it.
        }
    }

    @Override
    public void close() {
        end.cancel(false);
    }
}
