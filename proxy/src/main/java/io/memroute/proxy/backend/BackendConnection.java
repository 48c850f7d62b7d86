package io.memroute.proxy.backend;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.FlushQueue;
import io.netty.buffer.ByteBuf;
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
 * One connection to a backend: connects, writes requests, has replies matched to them, and comes back after a
 * failure. Owned by the worker's thread.
 *
 * <p>Requests are collected in a {@link RequestBatch} and written once per loop iteration; what comes back goes through a
 * {@link ReplyMatcher}.
 *
 * <p>The socket comes and goes, the object stays. Each socket has a {@link Link} of its own, so that events of a socket
 * given up are told from those of the present one.
 *
 * @see "proxy-api.md section 5"
 */
final class BackendConnection implements FlushQueue.Flushable {

    /** The longest answer to the version request that is waited for. */
    private static final int LONGEST_VERSION_LINE = 1024;

    private static final byte[] HANDSHAKE = Replies.line("version");

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
    private final WorkerResources worker;
    private final WorkerCounters counters;
    private final Connector connector;
    private final ConnectionHealth health;
    private final ReplyMatcher matcher = new ReplyMatcher();
    private final RequestBatch batch;
    private final long readTimeoutNanos;

    private State state = State.OFF;
    private Link link;
    private int addressAttempt;
    private boolean queuedForFlush;

    /** When something last came, or was asked after a time in which nothing was due. */
    private long progressNanos;
    private boolean replyDue;
    private boolean timerRunning;

    BackendConnection(BackendSpec spec, boolean mergeGets, WorkerResources worker) {
        this.spec = spec;
        this.worker = worker;
        this.counters = worker.counters();
        this.connector = new Connector(worker);
        this.health = new ConnectionHealth(spec);
        this.batch = new RequestBatch(mergeGets, worker.arrays());
        this.readTimeoutNanos = spec.readTimeout().toNanos();
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

    /** Requests not answered yet. */
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
    void send(Call call) {
        if (refuses()) {
            call.replied(FixedReply.BACKEND_FAILURE);
            return;
        }
        if (full()) {
            counters.increment(Counter.DEPTH_LIMIT_REFUSALS);
            call.replied(FixedReply.BACKEND_FAILURE);
            return;
        }
        boolean joined = batch.append(call);
        matcher.expect(call, joined);
        counters.increment(joined ? Counter.MERGED_GETS : Counter.BACKEND_COMMANDS);
        scheduleFlush();
    }

    /** Sends a command line of the proxy's own that one line answers. */
    void sendLine(Call call, byte[] line) {
        if (refuses()) {
            call.replied(FixedReply.BACKEND_FAILURE);
            return;
        }
        batch.append(line);
        matcher.expect(call, false);
        counters.increment(Counter.BACKEND_COMMANDS);
        scheduleFlush();
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
        if (state != State.READY || batch.isEmpty()) {
            return;
        }
        ChannelHandlerContext context = link.context;
        batch.writeTo(context);
        context.flush();
        expectReply();
    }

    // ---- connecting ----

    private void connect() {
        state = State.CONNECTING;
        InetAddress literal = HostResolver.literal(spec.host());
        if (literal != null) {
            connectTo(literal);
            return;
        }
        HostResolver.resolve(spec.host(), worker.loop(), addresses -> {
            if (state != State.CONNECTING || link != null) {
                return;
            }
            if (addresses.length == 0) {
                fail(BackendFailure.RESOLVING);
            } else {
                connectTo(addresses[addressAttempt++ % addresses.length]);
            }
        });
    }

    private void connectTo(InetAddress address) {
        Link attempt = new Link();
        link = attempt;
        ChannelFuture connected = connector.connect(spec, address, attempt);
        attempt.closer = connected.channel()::close;
        connected.addListener(result -> {
            if (attempt != link) {
                return;
            }
            Throwable cause = result.cause();
            if (cause == null) {
                validate();
            } else {
                fail(cause instanceof ConnectTimeoutException
                        ? BackendFailure.CONNECT_TIMEOUT
                        : BackendFailure.CONNECTING, cause);
            }
        });
    }

    private void validate() {
        addressAttempt = 0;
        state = State.VALIDATING;
        health.connected(now());
        ChannelHandlerContext context = link.context;
        context.writeAndFlush(context.alloc().directBuffer(HANDSHAKE.length).writeBytes(HANDSHAKE), context.voidPromise());
        expectReply();
    }

    private void validated() {
        state = State.READY;
        if (health.validated()) {
            worker.events().recovered(spec);
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
        int depth = matcher.depth();
        dropLink();
        ConnectionHealth.Verdict verdict = health.failed(failure, now());
        if (!wasBad) {
            worker.events().connectionFailed(spec, failure, cause, depth, unread);
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
                    worker.events().markedBad(spec, pause.flapping(), ConnectionHealth.wholeSeconds(pause.millis()));
                }
                worker.loop().schedule(() -> {
                    if (state == State.PAUSED) {
                        connect();
                    }
                }, pause.spreadMillis(ThreadLocalRandom.current()), TimeUnit.MILLISECONDS);
            }
        }
        matcher.failAll();
    }

    private void dropLink() {
        Link dropped = link;
        link = null;
        replyDue = false;
        batch.discard();
        if (dropped != null) {
            dropped.drop();
        }
    }

    // ---- time ----

    private long now() {
        return worker.loop().ticker().nanoTime();
    }

    /** Something has been asked: the read timeout begins, unless replies were due already. */
    private void expectReply() {
        if (!replyDue) {
            replyDue = true;
            progressNanos = now();
        }
        if (!timerRunning) {
            timerRunning = true;
            worker.loop().schedule(this::checkProgress, readTimeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One timer at a time, which looks when it fires how long nothing has come: arrivals need not touch it. */
    private void checkProgress() {
        timerRunning = false;
        if (!replyDue) {
            return;
        }
        long left = progressNanos + readTimeoutNanos - now();
        if (left > 0) {
            timerRunning = true;
            worker.loop().schedule(this::checkProgress, left, TimeUnit.NANOSECONDS);
        } else {
            fail(state == State.VALIDATING ? BackendFailure.READ_VALIDATE : BackendFailure.TIMEOUT);
        }
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
        int outcome = new ReplyParser().parse(data, begin, end, answer);
        if (outcome == ReplyParser.INCOMPLETE && end - begin < LONGEST_VERSION_LINE) {
            return begin;
        }
        if (outcome == ReplyParser.COMPLETE && answer.type() == ReplyType.VERSION) {
            validated();
            return answer.end();
        }
        fail(outcome == ReplyParser.COMPLETE && !answer.errorLine()
                ? BackendFailure.BAD_VALIDATE
                : BackendFailure.READ_VALIDATE, null, ReplyReads.head(data, begin, end));
        return end;
    }

    /** The handler of one socket. */
    private final class Link extends ChannelInboundHandlerAdapter implements ReplyReads.Taker {
        private final ReplyReads reads = new ReplyReads(this, worker.scratch());
        private ChannelHandlerContext context;
        private Runnable closer;

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
            progressNanos = now();
            try {
                reads.add(data);
            } finally {
                replyDue = this == link && (state != State.READY || matcher.repliesDue());
                data.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
            if (this == link && event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
                fail(BackendFailure.TLS_HANDSHAKE, handshake.cause());
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
                fail(state == State.VALIDATING ? BackendFailure.TLS_HANDSHAKE : BackendFailure.READING, cause.getCause());
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
