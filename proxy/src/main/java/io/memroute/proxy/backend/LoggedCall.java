package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.LogOptions;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.log.LoggedReply;
import io.memroute.proxy.log.RequestLine;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A call to a backend whose requests are logged, made while there is a watcher: writes a line for it if the backend's
 * options ask for that. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 3.1"
 */
final class LoggedCall extends PassedCall {

    private final BackendSpec backend;
    private final LogStreams streams;
    /** Looked up at once: the client may have its answer, and be gone, before this call has. */
    private final int clientDescriptor;

    private final long startedNanos = System.nanoTime();
    /** The line that a large reply began with. */
    @SuppressWarnings("NullAway.Init")
    private LoggedReply begun;

    LoggedCall(Call call, BackendSpec backend, LogStreams streams) {
        askedBy(call);
        this.backend = backend;
        this.streams = streams;
        this.clientDescriptor = call.clientDescriptor();
    }

    /** Logs the request. Called before the call is answered, since its request may be gone afterwards. */
    private void log(LoggedReply reply) {
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startedNanos);
        LogOptions options = backend.log();
        if (wanted(options, reply, micros)) {
            RequestLine.write(
                    streams,
                    parent.request(),
                    reply,
                    micros,
                    RequestLine.server(backend),
                    options.tag().getBytes(StandardCharsets.UTF_8),
                    clientDescriptor);
        }
    }

    private static boolean wanted(LogOptions options, LoggedReply reply, long micros) {
        if (options.rate() == 1 || options.errors() && !reply.ok()) {
            return true;
        }
        long deadlineMicros = TimeUnit.NANOSECONDS.toMicros(options.deadline().toNanos());
        if (deadlineMicros > 0 && micros > deadlineMicros) {
            return true;
        }
        return options.rate() > 0 && ThreadLocalRandom.current().nextInt(options.rate()) == 0;
    }

    @Override
    public void replied(Reply reply) {
        log(FixedReply.isBackendFailure(reply) ? LoggedReply.FAILED : LoggedReply.of(reply.type()));
        super.replied(reply);
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        begun = LoggedReply.of(reply.type());
        super.replyBegins(reply, totalBytes);
    }

    @Override
    public void replyEnds() {
        log(begun);
        super.replyEnds();
    }

    @Override
    public void replyBreaks() {
        log(LoggedReply.FAILED);
        super.replyBreaks();
    }

    @Override
    public int clientDescriptor() {
        return clientDescriptor;
    }

    @SuppressWarnings("NullAway") // not used again before it is set again
    @Override
    protected void recycle() {
        parent = null;
    }
}
