package io.memroute.proxy.backend;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a backend: writes requests, matches replies to them first in, first out, and comes back after a
 * failure. Owned by the worker's thread.
 *
 * <p>Requests are collected and written once per loop iteration. A classic get that directly follows another one joins
 * its command line ({@code get a} and {@code get b} become {@code get a b}), because a backend spends most of its time per command line
 * and per write, not per key; the values that come back are matched to the calls by key.
 *
 * <p>The socket comes and goes, the object stays. Each socket has a {@link Link} of its own, so that events of a socket
 * given up are told from those of the present one.
 *
 * @see "proxy-api.md section 5"
 */
final class BackendConnection implements FlushQueue.Flushable {

    /** Keys in one merged command line: more save little and delay the first reply. */
    private static final int MERGED_KEYS = 64;

    /** Bytes of a merged gat line; memcached takes long lines of get and gets only. */
    private static final int MERGED_GAT_BYTES = 1024;

    /** A reply whose missing part is longer than this is passed on as it arrives. */
    private static final int STREAM_FROM_BYTES = 16 << 10;

    /** The longest reply line that is waited for; memcached's longest is a key, its flags and some numbers. */
    private static final int LONGEST_REPLY_LINE = 16 << 10;

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
    private final boolean mergeGets;
    private final WorkerResources worker;
    private final WorkerCounters counters;
    private final Connector connector;
    private final ConnectionHealth health;
    private final PendingCalls pending = new PendingCalls();
    private final OutputBuffer output;
    private final ReplyParser parser = new ReplyParser();
    private final Reply reply = new Reply();
    private final long readTimeoutNanos;

    private State state = State.OFF;
    private Link link;
    private int addressAttempt;
    private boolean queuedForFlush;

    /** Keys in the command line at the end of {@link #output}; 0 if it is closed to further keys. */
    private int openLineKeys;
    private int openLineBytes;
    private Request openLineRequest;

    /** All keys of the oldest get have been answered, its {@code END} has not come. */
    private boolean endDue;
    /** Bytes of a large reply that are still to come. */
    private int streamLeft;
    private Call streamCall;
    /** The last two bytes of a streamed value, which must be its line end. */
    private int streamTail;

    private long progressNanos;
    private boolean timerRunning;

    BackendConnection(BackendSpec spec, boolean mergeGets, WorkerResources worker) {
        this.spec = spec;
        this.mergeGets = mergeGets;
        this.worker = worker;
        this.counters = worker.counters();
        this.connector = new Connector(worker.loop(), worker.channelType(), worker.allocator());
        this.health = new ConnectionHealth(spec);
        this.output = new OutputBuffer(worker.arrays());
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
        failPending();
    }

    /** Requests not answered yet. */
    int depth() {
        return pending.size();
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
        if (spec.depthLimit() > 0 && pending.size() > spec.depthLimit()) {
            counters.increment(Counter.DEPTH_LIMIT_REFUSALS);
            call.replied(FixedReply.BACKEND_FAILURE);
            return;
        }
        Request request = call.request();
        if (request.command().isClassicGet()) {
            appendGet(call, request);
        } else {
            openLineKeys = 0;
            RequestForwarding.append(call, output);
            pending.add(call, PendingCalls.LINE);
            counters.increment(Counter.BACKEND_COMMANDS);
        }
        scheduleFlush();
    }

    /** Sends a command line of the proxy's own that one line answers. */
    void sendLine(Call call, byte[] line) {
        if (refuses()) {
            call.replied(FixedReply.BACKEND_FAILURE);
            return;
        }
        openLineKeys = 0;
        output.append(line);
        pending.add(call, PendingCalls.LINE);
        counters.increment(Counter.BACKEND_COMMANDS);
        scheduleFlush();
    }

    private void appendGet(Call call, Request request) {
        int keyBytes = request.keyLength();
        if (joinsOpenLine(request)) {
            output.unappend(Replies.CRLF.length);
            output.append((byte) ' ');
            output.append(request.buffer(), request.keyIndex(), keyBytes);
            output.append(Replies.CRLF);
            openLineKeys++;
            openLineBytes += 1 + keyBytes;
            pending.continueLastKey();
            counters.increment(Counter.MERGED_GETS);
        } else {
            RequestForwarding.append(call, output);
            openLineKeys = mergeGets ? 1 : 0;
            openLineBytes = keyBytes;
            openLineRequest = request;
            counters.increment(Counter.BACKEND_COMMANDS);
        }
        pending.add(call, PendingCalls.LAST_KEY);
    }

    /** Whether the request can share the command line before it: the same command and, for gat, the same expiry. */
    private boolean joinsOpenLine(Request request) {
        if (openLineKeys == 0 || openLineKeys >= MERGED_KEYS || openLineRequest.command() != request.command()) {
            return false;
        }
        if (request.command() == Command.GET || request.command() == Command.GETS) {
            return true;
        }
        return openLineBytes + request.keyLength() < MERGED_GAT_BYTES && openLineRequest.sameLine(request);
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
        openLineKeys = 0;
        openLineRequest = null;
        if (state != State.READY || output.isEmpty()) {
            return;
        }
        ChannelHandlerContext context = link.context;
        output.writeTo(context);
        context.flush();
        expectProgress();
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
            if (result.isSuccess()) {
                validate();
            } else {
                fail(result.cause() instanceof ConnectTimeoutException
                        ? BackendFailure.CONNECT_TIMEOUT
                        : BackendFailure.CONNECTING);
            }
        });
    }

    private void validate() {
        addressAttempt = 0;
        state = State.VALIDATING;
        health.connected(now());
        ChannelHandlerContext context = link.context;
        context.writeAndFlush(context.alloc().directBuffer(HANDSHAKE.length).writeBytes(HANDSHAKE), context.voidPromise());
        expectProgress();
    }

    private void validated() {
        state = State.READY;
        if (health.validated()) {
            worker.events().recovered(spec);
        }
        if (!output.isEmpty()) {
            scheduleFlush();
        }
    }

    // ---- failing ----

    private void fail(BackendFailure failure) {
        boolean wasBad = health.bad();
        int depth = pending.size() + (streamCall == null ? 0 : 1);
        dropLink();
        ConnectionHealth.Verdict verdict = health.failed(failure, now());
        if (!wasBad) {
            worker.events().connectionFailed(spec, failure, depth);
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
            case ConnectionHealth.Verdict.Pause(long millis, boolean flapping, boolean newlyBad) -> {
                state = State.PAUSED;
                if (newlyBad) {
                    counters.increment(Counter.BACKEND_MARKED_BAD);
                    worker.events().markedBad(spec, flapping, ConnectionHealth.wholeSeconds(millis));
                }
                worker.loop().schedule(() -> {
                    if (state == State.PAUSED) {
                        connect();
                    }
                }, millis, TimeUnit.MILLISECONDS);
            }
        }
        failPending();
    }

    private void dropLink() {
        Link dropped = link;
        link = null;
        endDue = false;
        openLineKeys = 0;
        openLineRequest = null;
        output.discard();
        if (dropped != null) {
            dropped.drop();
        }
    }

    /** Fails what was outstanding when called; what its callers send in turn is queued behind and stays. */
    private void failPending() {
        Call broken = streamCall;
        streamCall = null;
        streamLeft = 0;
        int count = pending.size();
        if (broken != null) {
            broken.replyBreaks();
        }
        for (int i = 0; i < count; i++) {
            pending.remove().replied(FixedReply.BACKEND_FAILURE);
        }
    }

    // ---- time ----

    private long now() {
        return worker.loop().ticker().nanoTime();
    }

    /** Has the read timeout begin, unless it is running. */
    private void expectProgress() {
        if (!timerRunning) {
            progressNanos = now();
            timerRunning = true;
            worker.loop().schedule(this::checkProgress, readTimeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One timer at a time, which looks when it fires how long nothing has come: arrivals need not touch it. */
    private void checkProgress() {
        timerRunning = false;
        if (link == null || state == State.READY && pending.isEmpty() && streamLeft == 0 && !endDue) {
            return;
        }
        if (state != State.READY && state != State.VALIDATING) {
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
     * Takes whole replies from the front of what has been received.
     *
     * @return where the first byte not taken is
     */
    private int consume(Link from, ByteBuf data, int begin, int end) {
        int at = begin;
        while (at < end && link == from) {
            if (streamLeft > 0) {
                at += stream(data, at, end);
                continue;
            }
            int outcome = parser.parse(data, at, end, reply);
            if (outcome == ReplyParser.INCOMPLETE && end - at < LONGEST_REPLY_LINE) {
                return at;
            }
            if (state == State.VALIDATING) {
                judgeHandshake(outcome);
            } else if (outcome != ReplyParser.COMPLETE) {
                fail(pending.isEmpty() && !endDue ? BackendFailure.CLOSED_SOCKET : BackendFailure.PARSING);
            } else if (pending.isEmpty() && !endDue) {
                fail(at == begin ? BackendFailure.CLOSED_SOCKET : BackendFailure.TRAILING_DATA);
            } else if (reply.valueLength() < 0) {
                line();
            } else {
                int whole = reply.end() - at + reply.valueLength() + 2;
                if (end - at < whole && whole - (end - at) <= STREAM_FROM_BYTES) {
                    return at;
                }
                value(Math.min(whole, end - at), whole);
                at += Math.min(whole, end - at);
                continue;
            }
            at = reply.end();
        }
        return at;
    }

    private void judgeHandshake(int outcome) {
        if (outcome == ReplyParser.COMPLETE && reply.type() == ReplyType.VERSION) {
            validated();
        } else if (outcome == ReplyParser.COMPLETE && !reply.errorLine()) {
            fail(BackendFailure.BAD_VALIDATE);
        } else {
            fail(BackendFailure.READ_VALIDATE);
        }
    }

    /** A reply of one line. */
    private void line() {
        ReplyType type = reply.type();
        if (type == ReplyType.VERSION || type == ReplyType.STAT) {
            fail(BackendFailure.UNHANDLED_REPLY);
            return;
        }
        if (endDue) {
            if (type == ReplyType.END || type.isErrorLine()) {
                // An error in place of END: every key has been answered, so nobody is left to be told.
                endDue = false;
            } else {
                fail(BackendFailure.MISSING_END);
            }
            return;
        }
        if (pending.kind(0) != PendingCalls.LINE) {
            if (type == ReplyType.END || type.isErrorLine()) {
                answerKeysLeft();
            } else {
                fail(BackendFailure.MISSING_END);
            }
            return;
        }
        if (type == ReplyType.END) {
            fail(BackendFailure.UNHANDLED_REPLY);
            return;
        }
        Call call = pending.remove();
        boolean valueMayFollowAsCommands = call.request().command().hasValue()
                && call.request().command() != Command.MS
                && (type == ReplyType.ERROR || type == ReplyType.CLIENT_ERROR)
                || type == ReplyType.ERROR && call.request().command() == Command.MS;
        call.replied(reply);
        if (valueMayFollowAsCommands && link != null) {
            // The backend has refused the line without reading the value: what comes next is not to be trusted.
            fail(BackendFailure.INVALID_PROTOCOL);
        }
    }

    /** The end of a get, or an error instead of it: every key not answered has this reply. */
    private void answerKeysLeft() {
        byte kind;
        do {
            kind = pending.kind(0);
            pending.remove().replied(reply);
        } while (kind != PendingCalls.LAST_KEY && link != null);
    }

    /** A reply with a value, of which {@code here} bytes, line included, have arrived. */
    private void value(int here, int whole) {
        Call call = reply.type() == ReplyType.VALUE ? answeredByKey() : answeredByLine();
        if (call == null) {
            return;
        }
        if (here == whole) {
            int valueEnd = reply.end() + reply.valueLength();
            if (reply.buffer().getByte(valueEnd) != '\r' || reply.buffer().getByte(valueEnd + 1) != '\n') {
                call.replied(FixedReply.BACKEND_FAILURE);
                fail(BackendFailure.PARSING);
                return;
            }
            call.replied(reply);
            return;
        }
        streamCall = call;
        streamLeft = whole - here;
        ByteBuf data = reply.buffer();
        int start = reply.start();
        streamTail = data.getByte(start + here - 1);
        call.replyBegins(reply, whole);
        call.replyBytes(data, start, here);
    }

    private Call answeredByLine() {
        if (endDue || pending.kind(0) != PendingCalls.LINE || !pending.call(0).request().command().isMeta()) {
            fail(BackendFailure.UNHANDLED_REPLY);
            return null;
        }
        return pending.remove();
    }

    /** The call whose key this value has; the keys before it in the command line were misses. */
    private Call answeredByKey() {
        if (endDue) {
            fail(BackendFailure.MISSING_END);
            return null;
        }
        int misses = 0;
        while (true) {
            byte kind = pending.kind(misses);
            if (kind == PendingCalls.LINE) {
                fail(BackendFailure.UNHANDLED_REPLY);
                return null;
            }
            if (hasKeyOf(pending.call(misses).request())) {
                break;
            }
            if (kind == PendingCalls.LAST_KEY) {
                fail(BackendFailure.WRONG_KEY);
                return null;
            }
            misses++;
        }
        Link present = link;
        for (int i = 0; i < misses; i++) {
            pending.remove().replied(MISS);
            if (link != present) {
                return null;
            }
        }
        endDue = pending.kind(0) == PendingCalls.LAST_KEY;
        return pending.remove();
    }

    private static final Reply MISS = FixedReply.of(Replies.END);

    private boolean hasKeyOf(Request request) {
        int length = request.keyLength();
        return reply.keyLength() == length
                && sameBytes(reply.buffer(), reply.keyIndex(), request.buffer(), request.keyIndex(), length);
    }

    private static boolean sameBytes(ByteBuf a, int aIndex, ByteBuf b, int bIndex, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (a.getLong(aIndex + i) != b.getLong(bIndex + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (a.getByte(aIndex + i) != b.getByte(bIndex + i)) {
                return false;
            }
        }
        return true;
    }

    /** Passes on the next part of a large reply. Returns how many bytes that were. */
    private int stream(ByteBuf data, int at, int end) {
        int length = Math.min(streamLeft, end - at);
        int lastTwo = length == 1
                ? (streamTail & 0xff) << 8 | data.getByte(at) & 0xff
                : (data.getByte(at + length - 2) & 0xff) << 8 | data.getByte(at + length - 1) & 0xff;
        streamTail = lastTwo & 0xff;
        if (streamLeft == length && lastTwo != ('\r' << 8 | '\n')) {
            fail(BackendFailure.PARSING);
            return length;
        }
        streamCall.replyBytes(data, at, length);
        streamLeft -= length;
        if (streamLeft == 0) {
            Call call = streamCall;
            streamCall = null;
            call.replyEnds();
        }
        return length;
    }

    /** The handler of one socket. */
    private final class Link extends ChannelInboundHandlerAdapter {
        private ChannelHandlerContext context;
        private Runnable closer;
        /** A reply that has begun to arrive; owned. */
        private ByteBuf partial;

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
            if (partial != null) {
                data = joined(partial, data);
                partial = null;
            }
            int end = data.writerIndex();
            int at = data.readerIndex();
            try {
                at = consume(this, data, at, end);
            } finally {
                if (this == link && at < end) {
                    partial = data.readerIndex(at);
                } else {
                    data.release();
                }
            }
        }

        private ByteBuf joined(ByteBuf first, ByteBuf second) {
            int length = first.readableBytes() + second.readableBytes();
            ByteBuf both = context.alloc().directBuffer(length, length);
            both.writeBytes(first).writeBytes(second);
            first.release();
            second.release();
            return both;
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
            if (cause instanceof IOException) {
                fail(BackendFailure.READING);
            } else {
                fail(BackendFailure.PARSING);
                throw new IllegalStateException("backend " + spec.label() + ": reply handling failed", cause);
            }
        }

        void drop() {
            if (partial != null) {
                partial.release();
                partial = null;
            }
            if (closer != null) {
                closer.run();
            }
        }
    }
}
