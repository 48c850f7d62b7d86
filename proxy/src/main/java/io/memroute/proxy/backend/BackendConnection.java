package io.memroute.proxy.backend;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * One connection to a backend: connects, writes requests, has replies matched to them, and comes back after a failure.
 * Owned by the worker's thread.
 *
 * <p>Requests are collected in a {@link RequestBatch} and written once per loop iteration; what comes back goes through
 * a {@link ReplyMatcher}.
 *
 * <p>The socket comes and goes, the object stays. Each socket has a {@link Link} of its own, so that events of a socket
 * given up are told from those of the present one.
 *
 * @see "proxy-api.md section 5"
 */
final class BackendConnection implements FlushQueue.Flushable, ReplyMatcher.Unshared {

    /** The longest answer to the version request that is waited for. */
    private static final int LONGEST_VERSION_LINE = 1024;

    /** The first request on a connection, and each mark. */
    /** Long enough for the loop to read its sockets before it looks once more whether a reply is late. */
    private static final long READ_FIRST_NANOS = 1_000_000;

    private static final byte[] VERSION = Replies.line("version");

    private enum State {
        /** Not to be used: configured as down, or closed for good. */
        OFF,
        /** Waiting before the next attempt. */
        PAUSED,
        CONNECTING,
        /** Connected; the answer to the version request is due. */
        VALIDATING,
        READY
    }

    private final BackendSpec spec;
    private final BackendEvents events;
    private final WorkerContext worker;
    private final WorkerCounters counters;
    private final Connector connector;
    private final ConnectionHealth health;
    private final ReplyMatcher matcher;
    private final GetMerging merging;
    private final RequestBatch batch;
    private final RequestAges ages = new RequestAges();
    private final long readTimeoutNanos;
    /** A part of connecting: a read timeout of some milliseconds is for requests on a warm connection. */
    private final long handshakeTimeoutNanos;

    private final long markIntervalNanos;

    private State state = State.OFF;
    private Link link;
    /** The look-up of the host's name that is waited for; null if none is. */
    private Object lookup;

    private int addressAttempt;
    private boolean queuedForFlush;

    /** When the handshake was sent. */
    private long handshakeNanos;
    /** When the connection was last known to be in step: a mark was sent, or a request while none was outstanding. */
    private long inStepNanos;
    /** Nothing was outstanding before what is written next. */
    private boolean wasIdle;
    /** A mark is to be sent with the next write, whatever the time. */
    private boolean markWanted;

    private boolean knowsMetaSet = true;
    private boolean timerRunning;
    private boolean lookedAgain;

    BackendConnection(BackendSpec spec, GetMerging merging, BackendContext context, WorkerContext worker) {
        this.spec = spec;
        this.events = context.events();
        this.worker = worker;
        this.counters = worker.counters();
        this.connector = new Connector(context, worker);
        this.health = new ConnectionHealth(spec);
        this.merging = merging;
        this.matcher = new ReplyMatcher(this, merging);
        this.batch = new RequestBatch(merging, worker.arrays());
        this.readTimeoutNanos = spec.readTimeout().toNanos();
        this.handshakeTimeoutNanos =
                Math.max(readTimeoutNanos, spec.connectTimeout().toNanos());
        this.markIntervalNanos = context.markInterval().toNanos();
    }

    /** Begins to connect; does nothing if the backend is configured as down. */
    void open() {
        if (!spec.down()) {
            connect();
        }
    }

    /** Gives the connection up for good; what is outstanding fails. */
    void close() {
        state = State.OFF;
        dropLink();
        matcher.failAll();
    }

    /** Requests not answered yet, and gets that have not ended. */
    int depth() {
        return matcher.depth();
    }

    /** Whether requests wait to be written in this pass of the loop, and another may join them. */
    boolean gathers() {
        return queuedForFlush && state == State.READY && !full();
    }

    private boolean full() {
        return spec.depthLimit() > 0 && matcher.depth() > spec.depthLimit();
    }

    /** Whether requests fail at once. */
    boolean refuses() {
        return state == State.OFF || health.bad();
    }

    /** Whether it is marked bad; one that is down by configuration is not. */
    boolean markedBad() {
        return health.bad();
    }

    /** Sends the call's request, or fails it at once. */
    void send(Call asked) {
        if (!admits(asked)) {
            return;
        }
        Reply refusal = RequestLine.refusal(asked, knowsMetaSet);
        if (refusal != null) {
            asked.replied(refusal);
            return;
        }
        Call call = RequestLine.hidesKey(asked.request()) ? new RestoredKey(asked) : asked;
        noteIdle();
        RequestBatch.Place place = batch.append(call);
        matcher.expect(call, place);
        counters.increment(place == RequestBatch.Place.OWN_LINE ? Counter.BACKEND_COMMANDS : Counter.MERGED_GETS);
        scheduleFlush();
    }

    /** Sends a command line of the proxy's own that one line answers. */
    void sendLine(Call call, byte[] line) {
        if (!admits(call)) {
            return;
        }
        noteIdle();
        batch.append(line);
        matcher.expect(call, RequestBatch.Place.OWN_LINE);
        counters.increment(Counter.BACKEND_COMMANDS);
        scheduleFlush();
    }

    /** Whether the call may be sent; if not, it has been answered. */
    private boolean admits(Call call) {
        if (refuses()) {
            call.replied(FixedReply.BACKEND_FAILURE);
            return false;
        }
        if (full()) {
            counters.increment(Counter.DEPTH_LIMIT_REFUSALS);
            call.replied(FixedReply.BACKEND_FAILURE);
            return false;
        }
        return true;
    }

    @Override
    public void sharedGetFailed() {
        merging.pause(now());
        markWanted = true;
        scheduleFlush();
    }

    @Override
    public void sendApart(Call call) {
        if (refuses()) {
            call.replied(FixedReply.BACKEND_FAILURE);
            return;
        }
        noteIdle();
        batch.appendApart(call);
        matcher.expect(call, RequestBatch.Place.OWN_LINE);
        counters.increment(Counter.BACKEND_COMMANDS);
        scheduleFlush();
    }

    private void noteIdle() {
        wasIdle |= !matcher.repliesDue();
    }

    private void scheduleFlush() {
        if (!queuedForFlush && state == State.READY) {
            queuedForFlush = true;
            worker.flushQueue().addBackend(this);
        }
    }

    @Override
    public void flushOutput() {
        queuedForFlush = false;
        if (state != State.READY || batch.isEmpty() && !markWanted) {
            return;
        }
        long now = now();
        appendMarkIfDue(now);
        merging.elapse(now);
        ChannelHandlerContext context = link.context;
        batch.writeTo(context);
        ages.written(matcher.expected(), matcher.answered(), now);
        context.flush();
        watchAge();
    }

    /**
     * Appends a {@code version}, whose answer must come exactly in its place, if the connection has been busy for some
     * time. One that has had all its replies is in step, so a connection that is idle now and then needs no marks.
     */
    private void appendMarkIfDue(long now) {
        if (wasIdle) {
            inStepNanos = now;
            wasIdle = false;
        }
        if (markWanted || now - inStepNanos >= markIntervalNanos && !matcher.markDue()) {
            markWanted = false;
            inStepNanos = now;
            batch.append(VERSION);
            matcher.expectMark();
        }
    }

    // ---- connecting ----

    private void connect() {
        state = State.CONNECTING;
        InetAddress literal = HostResolver.literal(spec.host());
        if (literal != null) {
            connectTo(literal);
            return;
        }
        Object attempt = new Object();
        lookup = attempt;
        HostResolver.SYSTEM.resolve(spec.host(), worker.loop(), addresses -> resolved(attempt, addresses));
        worker.loop()
                .schedule(
                        () -> {
                            if (attempt == lookup) {
                                fail(BackendFailure.RESOLVING_TIMEOUT);
                            }
                        },
                        spec.connectTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void resolved(Object attempt, InetAddress[] addresses) {
        if (attempt != lookup) {
            return;
        }
        lookup = null;
        if (addresses.length == 0) {
            fail(BackendFailure.RESOLVING);
        } else {
            connectTo(addresses[addressAttempt++ % addresses.length]);
        }
    }

    private void connectTo(InetAddress address) {
        Link attempt = new Link();
        link = attempt;
        ChannelFuture connected = connector.connect(spec, address, attempt);
        Channel channel = connected.channel();
        // A channel for which there was no socket belongs to no event loop: it can't be closed, and another thread
        // tells of it.
        attempt.closer = () -> {
            if (channel.isOpen()) {
                channel.close();
            }
        };
        connected.addListener(result -> {
            if (worker.loop().inEventLoop()) {
                connected(attempt, result.cause());
            } else {
                worker.loop().execute(() -> connected(attempt, result.cause()));
            }
        });
    }

    /** @param cause why there is no connection; null if there is one */
    private void connected(Link attempt, Throwable cause) {
        if (attempt != link) {
            return;
        }
        if (cause == null) {
            validate();
        } else {
            fail(
                    cause instanceof ConnectTimeoutException
                            ? BackendFailure.CONNECT_TIMEOUT
                            : BackendFailure.CONNECTING,
                    cause);
        }
    }

    private void validate() {
        addressAttempt = 0;
        state = State.VALIDATING;
        health.connected(now());
        Link validating = link;
        ChannelHandlerContext context = validating.context;
        handshakeNanos = now();
        context.writeAndFlush(context.alloc().directBuffer(VERSION.length).writeBytes(VERSION))
                .addListener(sent -> {
                    // At a start the loop has much to do between the two; the server has its time from here on.
                    if (validating == link && state == State.VALIDATING && sent.isSuccess()) {
                        handshakeNanos = now();
                    }
                });
        watchAge();
    }

    private void validated() {
        state = State.READY;
        if (health.validated()) {
            events.recovered(spec);
        }
        if (!batch.isEmpty()) {
            scheduleFlush();
        }
    }

    // ---- failing ----

    private void fail(BackendFailure failure) {
        fail(failure, null);
    }

    /** @param cause what the system said; null if there is no more to say */
    private void fail(BackendFailure failure, Throwable cause) {
        fail(failure, cause, link == null ? ReplyReads.NOTHING : link.reads.unread());
    }

    /** @param unread the first bytes received that no reply could be made of */
    private void fail(BackendFailure failure, Throwable cause, byte[] unread) {
        boolean wasBad = health.bad();
        int depth = matcher.unanswered();
        dropLink();
        ConnectionHealth.Verdict verdict = health.failed(failure, now());
        if (!wasBad) {
            events.connectionFailed(spec, failure, cause, depth, unread);
        }
        switch (verdict) {
            case ConnectionHealth.Verdict.Reconnect() -> {
                counters.increment(Counter.BACKEND_RECONNECTS);
                state = State.CONNECTING;
                // Not from within the failing socket's own event.
                worker.loop().execute(() -> {
                    if (state == State.CONNECTING && link == null) {
                        connect();
                    }
                });
            }
            case ConnectionHealth.Verdict.Pause pause -> {
                state = State.PAUSED;
                if (pause.newlyBad()) {
                    counters.increment(Counter.BACKEND_MARKED_BAD);
                    events.markedBad(spec, pause.flapping(), ConnectionHealth.wholeSeconds(pause.millis()));
                }
                worker.loop()
                        .schedule(
                                () -> {
                                    if (state == State.PAUSED) {
                                        connect();
                                    }
                                },
                                pause.spreadMillis(ThreadLocalRandom.current()),
                                TimeUnit.MILLISECONDS);
            }
        }
        matcher.failAll();
    }

    private void dropLink() {
        Link dropped = link;
        link = null;
        lookup = null;
        markWanted = false;
        batch.discard();
        ages.clear();
        if (dropped != null) {
            dropped.drop();
        }
    }

    // ---- time ----

    private long now() {
        return worker.nanoTime();
    }

    /** Something has been asked: the read timeout runs. */
    private void watchAge() {
        if (!timerRunning) {
            timerRunning = true;
            worker.loop().schedule(this::checkAge, readTimeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * One timer at a time, which looks when it fires how old the oldest request is: requests and replies need not touch
     * it.
     */
    private void checkAge() {
        timerRunning = false;
        boolean validating = state == State.VALIDATING;
        boolean lastLook = lookedAgain;
        lookedAgain = false;
        if (!validating && (state != State.READY || !ages.isWaiting(matcher.answered()) && !matcher.streaming())) {
            return;
        }
        long since = validating ? handshakeNanos : ages.oldestNanos(matcher.answered());
        long left = since + (validating ? handshakeTimeoutNanos : readTimeoutNanos) - now();
        if (left <= 0 && lastLook) {
            fail(
                    !validating
                            ? BackendFailure.TIMEOUT
                            : link.secured ? BackendFailure.READ_VALIDATE : BackendFailure.TLS_TIMEOUT);
            return;
        }
        // The loop may have been busy with something else: what came in time and has not been read is read first.
        lookedAgain = left <= 0;
        timerRunning = true;
        worker.loop().schedule(this::checkAge, Math.max(left, READ_FIRST_NANOS), TimeUnit.NANOSECONDS);
    }

    // ---- replies ----

    /**
     * Takes what can be taken from the front of what has been received.
     *
     * @return where the first byte not taken is
     */
    private int take(ByteBuf data, int begin, int end, boolean lasting) {
        int at = begin;
        if (state == State.VALIDATING) {
            at = judgeHandshake(data, begin, end);
        }
        if (state == State.READY && at < end) {
            at = matcher.take(data, at, end, lasting);
            if (matcher.failure() != null) {
                fail(matcher.failure(), null, ReplyReads.head(data, at, end));
            }
        }
        return at;
    }

    private int judgeHandshake(ByteBuf data, int begin, int end) {
        Reply answer = new Reply();
        int outcome = ReplyParser.parse(data, begin, end, answer);
        if (outcome == ReplyParser.INCOMPLETE && end - begin < LONGEST_VERSION_LINE) {
            return begin;
        }
        if (outcome == ReplyParser.COMPLETE && answer.type() == ReplyType.VERSION) {
            knowsMetaSet = !ServerVersion.precedesMeta(answer);
            validated();
            return answer.end();
        }
        fail(
                outcome == ReplyParser.COMPLETE && !answer.errorLine()
                        ? BackendFailure.BAD_VALIDATE
                        : BackendFailure.REFUSED_VALIDATE,
                null,
                ReplyReads.head(data, begin, end));
        return end;
    }

    /** The handler of one socket. */
    private final class Link extends ChannelInboundHandlerAdapter implements ReplyReads.Taker {
        private final ReplyReads reads = new ReplyReads(this, worker.scratch());
        private ChannelHandlerContext context;
        private Runnable closer;
        /** Whether nothing stands between this and the server any more: TLS has been agreed on, or there is none. */
        private boolean secured = !spec.tls().enabled();

        @Override
        public int take(ByteBuf data, int begin, int end, boolean lasting) {
            return BackendConnection.this.take(data, begin, end, lasting);
        }

        @Override
        public boolean expectsLarge() {
            return matcher.expectsLarge();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        @Override
        public void channelRead(ChannelHandlerContext ignored, Object message) {
            ByteBuf data = (ByteBuf) message;
            if (this != link) {
                data.release();
                return;
            }
            boolean streamed = matcher.streaming();
            try {
                reads.add(data);
            } finally {
                if (streamed && this == link) {
                    ages.received(data.readableBytes(), !matcher.streaming(), now());
                }
                data.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
            if (this == link && event instanceof SslHandshakeCompletionEvent handshake) {
                secured = handshake.isSuccess();
                if (!secured) {
                    fail(BackendFailure.TLS_HANDSHAKE, handshake.cause());
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ignored) {
            if (this == link && state != State.CONNECTING) {
                fail(BackendFailure.DISCONNECTED);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
            if (this != link || state == State.CONNECTING) {
                return;
            }
            if (cause.getCause() instanceof SSLException) {
                fail(
                        state == State.VALIDATING ? BackendFailure.TLS_HANDSHAKE : BackendFailure.READING,
                        cause.getCause());
            } else if (cause instanceof IOException) {
                fail(BackendFailure.READING, cause);
            } else {
                fail(BackendFailure.PARSING);
                throw new IllegalStateException("backend " + spec.label() + ": reply handling failed", cause);
            }
        }

        void drop() {
            reads.drop();
            if (closer != null) {
                closer.run();
            }
        }
    }
}
