package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.proxy.backend.BackendCounters.Count;
import io.memroute.proxy.backend.connect.AddressLookup;
import io.memroute.proxy.backend.connect.Connector;
import io.memroute.proxy.backend.events.BackendEvents;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.backend.line.CanonicalLine;
import io.memroute.proxy.backend.line.RestoredKey;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.fairness.Turns;
import io.memroute.proxy.measure.RequestTimes;
import io.memroute.proxy.measure.ServerDelay;
import io.memroute.proxy.measure.ValueSizes;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a backend: writes requests, has replies matched to them, and comes back after a failure. Owned by
 * the worker's thread.
 *
 * <p>Requests are collected in a {@link RequestBatch} and written once per loop pass; received bytes go through a
 * {@link ReplyMatcher}. The object stays while its sockets come and go; each of them is a {@link BackendLink}.
 *
 * <p>Longer than 300 lines: sending, connecting and failing change one state together; everything that can be told
 * apart from it has a class of its own.
 *
 * @see "docs/reference/proxy-api.md section 5"
 */
final class BackendConnection implements FlushQueue.Flushable, UnsharedGets, BackendLink.Owner, AddressLookup.Outcome {

    private enum State {
        /** Configured as down, or closed for good. */
        OFF,
        /** Waiting before the next attempt. */
        PAUSED,
        CONNECTING,
        READY
    }

    private final BackendSpec spec;
    private final BackendEvents events;
    private final WorkerContext worker;
    private final BackendCounters backendCounters;
    private final WorkerCounters counters;
    private final AddressLookup lookup;
    private final Connector connector;
    private final ConnectionHealth health;
    private final ReplyMatcher matcher;
    private final GetMerging merging;
    private final RequestBatch batch;
    private final ReadTimeout readTimeout;
    private final RequestTimes times;
    private final ServerDelay delay = new ServerDelay();
    private final MarkSchedule marks;

    /** Other threads read it as it happens to be. */
    private State state = State.OFF;

    private @Nullable BackendLink link;
    /** Whether the server's name leads elsewhere: nothing more is written here, and what has been is waited for. */
    private boolean moves;

    private boolean queuedForFlush;
    private boolean knowsMetaSet = true;

    BackendConnection(
            BackendSpec spec,
            BackendCounters backendCounters,
            GetMerging merging,
            BackendContext context,
            WorkerContext worker) {
        this.spec = spec;
        this.backendCounters = backendCounters;
        this.events = context.events();
        this.worker = worker;
        this.counters = worker.counters();
        this.lookup = new AddressLookup(spec, worker.loop(), this);
        this.connector = new Connector(context.tls(), worker);
        this.health = new ConnectionHealth(spec);
        this.merging = merging;
        this.matcher = new ReplyMatcher(this, merging, backendCounters, new ValueSizes(worker.hotKeys(), spec.label()));
        this.batch = new RequestBatch(merging, worker.arrays());
        this.readTimeout = new ReadTimeout(spec, worker, matcher, this::late);
        this.times = new RequestTimes(backendCounters.queueTime(), backendCounters.serverTime());
        this.marks = new MarkSchedule(context.markInterval().toNanos());
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
        matcher.failAll(false, FixedReply.BACKEND_FAILURE);
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

    /** Whether requests are sent; any thread. */
    boolean ready() {
        return state == State.READY && !health.bad();
    }

    /** Whether it is being connected, and not marked bad; any thread. */
    boolean connecting() {
        State now = state;
        return now != State.OFF && now != State.READY && !health.bad();
    }

    /** The number of replies that have ever been expected. */
    long expected() {
        return matcher.expected();
    }

    /** The number of them, oldest first, that have all come, or failed. */
    long answeredInOrder() {
        return matcher.answeredInOrder();
    }

    /** Sends the call's request. Returns false if it has been answered at once instead. */
    boolean send(Call asked) {
        if (!admits(asked)) {
            return false;
        }
        Reply refusal = CanonicalLine.refusal(asked, knowsMetaSet);
        if (refusal != null) {
            backendCounters.increment(Count.UNANSWERED);
            asked.replied(refusal);
            return false;
        }
        Call call = CanonicalLine.hidesKey(asked.request()) ? new RestoredKey(asked) : asked;
        expect(call, batch.append(call));
        return true;
    }

    /** Sends a command line of the proxy's own that one line answers. */
    void sendLine(Call call, byte[] line) {
        if (admits(call)) {
            batch.append(line);
            expect(call, RequestBatch.Place.OWN_LINE);
        }
    }

    /** Whether the call may be sent; if not, it has been answered. */
    private boolean admits(Call call) {
        if (refuses()) {
            refuse(call, FixedReply.BACKEND_BAD);
            return false;
        }
        if (full()) {
            counters.increment(Counter.DEPTH_LIMIT_REFUSALS);
            worker.turns().refused();
            refuse(call, FixedReply.BACKEND_FULL);
            return false;
        }
        return true;
    }

    private void refuse(Call call, Reply failure) {
        backendCounters.increment(Count.UNANSWERED);
        call.replied(failure);
    }

    @Override
    public void sharedGetFailed() {
        if (moves) {
            // Nothing would be written here any more, and only a mark tells where the answer ends. The name is watched
            // on.
            moves = false;
            lookup.connected();
        }
        merging.pause(worker.nanoTime());
        marks.want();
        scheduleFlush();
    }

    @Override
    public void sendApart(Call call) {
        if (refuses()) {
            refuse(call, FixedReply.BACKEND_BAD);
            return;
        }
        batch.appendApart(call);
        expect(call, RequestBatch.Place.OWN_LINE);
    }

    /** Has a request written that is in the batch, and its reply matched to the call. */
    private void expect(Call call, RequestBatch.Place place) {
        if (!matcher.repliesDue()) {
            marks.noteIdle();
        }
        matcher.expect(call, place);
        if (state != State.READY || moves) {
            times.waits(worker.passNanos());
            backendCounters.queued(matcher.depth());
        }
        counters.increment(place == RequestBatch.Place.OWN_LINE ? Counter.BACKEND_COMMANDS : Counter.MERGED_GETS);
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
        BackendLink open = link;
        if (state != State.READY || moves || open == null || batch.isEmpty() && !marks.wanted()) {
            return;
        }
        long now = worker.nanoTime();
        times.written(matcher.expected(), worker.passNanos(), now);
        backendCounters.queued(matcher.depth());
        if (marks.due(now, matcher.expected(), matcher.markDue())) {
            batch.append(BackendLink.VERSION);
            matcher.expectMark();
            times.markWritten();
        }
        merging.elapse(now);
        backendCounters.add(Count.SENT_BYTES, batch.bytes());
        batch.writeTo(open.context());
        matcher.written();
        readTimeout.written(now);
        open.context().flush();
    }

    // ---- connecting ----

    private void connect() {
        state = State.CONNECTING;
        lookup.begin();
    }

    @Override
    public void found(InetAddress address) {
        link = new BackendLink(this, matcher, spec, worker.scratch());
        link.await(connector.connect(spec, address, link), worker.loop());
    }

    @Override
    public void connected() {
        lookup.connected();
        health.connected(worker.nanoTime());
    }

    @Override
    public void handshakeSent() {
        readTimeout.handshakeSent();
    }

    @Override
    public void ready(Reply version) {
        readTimeout.handshakeAnswered();
        backendCounters.increment(Count.HANDSHAKES);
        merging.forgetRepeatedKeys();
        knowsMetaSet = !ServerVersion.precedesMetaSet(version);
        state = State.READY;
        marks.begin(worker.nanoTime());
        if (health.validated()) {
            events.recovered(spec);
        }
        scheduleFlush();
    }

    @Override
    public int take(ByteBuf data, int begin, int end, boolean lasting) {
        int at = matcher.take(data, begin, end, lasting);
        backendCounters.publish();
        marks.noteReply(worker.passNanos());
        int answered = times.answered(matcher.answered(), worker.passNanos());
        if (answered > 0) {
            noteTimes(answered);
        }
        if (matcher.failure() != null) {
            failed(matcher.failure(), null, ReplyReads.head(data, at, end));
        }
        moveWhenAnswered();
        return at;
    }

    /** Has the clients' turns follow from the times of so many requests. */
    private void noteTimes(int answered) {
        delay.answered(answered, times, worker.passNanos());
        boolean alone = times.aloneServerNanos() > 0;
        int least = delay.doneIn(Turns.WAIT_NANOS);
        worker.turns().answered(answered, times.lastServerNanos(), delay.waits(), least, alone);
    }

    @Override
    public void received(int bytes) {
        backendCounters.add(Count.RECEIVED_BYTES, bytes);
    }

    @Override
    public void streamed(int bytes) {
        readTimeout.received(bytes);
    }

    @Override
    public void moved() {
        if (state == State.READY) {
            moves = true;
            moveWhenAnswered();
        }
    }

    /** Connects anew where the name leads now. Requests that have not been written wait for that. */
    private void moveWhenAnswered() {
        if (moves && !matcher.awaited()) {
            marks.forget();
            readTimeout.clear();
            endLink();
            connect();
        }
    }

    // ---- failing ----

    @Override
    public void failed(BackendFailure failure) {
        failed(failure, null, link == null ? ReplyReads.NOTHING : link.unread());
    }

    @Override
    public void failed(BackendFailure failure, @Nullable Throwable cause, byte[] unread) {
        backendCounters.failed(failure);
        boolean wasBad = health.bad();
        Reply outcome = outcome(failure);
        int callsFailed = matcher.unanswered();
        boolean getsAgain = matcher.sharedGetDue() && merging.lost(failure, worker.nanoTime());
        dropLink();
        ConnectionHealth.Verdict verdict = health.failed(failure, worker.nanoTime());
        if (!wasBad) {
            events.connectionFailed(spec, failure, cause, callsFailed, unread);
        }
        state = State.PAUSED;
        switch (verdict) {
            case ConnectionHealth.Verdict.Reconnect() -> {
                counters.increment(Counter.BACKEND_RECONNECTS);
                backendCounters.increment(Count.RECONNECTS);
                // Not from within the failing socket's own event.
                worker.loop().execute(this::resume);
            }
            case ConnectionHealth.Verdict.Pause pause -> {
                if (pause.newlyBad()) {
                    counters.increment(Counter.BACKEND_MARKED_BAD);
                    events.markedBad(spec, pause.flapping(), ConnectionHealth.wholeSeconds(pause.millis()));
                }
                long millis = pause.spreadMillis(ThreadLocalRandom.current());
                worker.loop().schedule(this::resume, millis, TimeUnit.MILLISECONDS);
            }
        }
        matcher.failAll(getsAgain, outcome);
    }

    /** The answer to the requests that a failure leaves without a reply. */
    private Reply outcome(BackendFailure failure) {
        if (state != State.READY) {
            return FixedReply.BACKEND_NOT_CONNECTED;
        }
        return failure == BackendFailure.TIMEOUT ? FixedReply.BACKEND_LATE : FixedReply.BACKEND_FAILURE;
    }

    private void late() {
        if (link != null) {
            failed(link.lateness());
        }
    }

    private void resume() {
        if (state == State.PAUSED) {
            connect();
        }
    }

    private void dropLink() {
        marks.forget();
        batch.discard();
        readTimeout.clear();
        times.answered(matcher.answered(), worker.passNanos());
        times.clear(matcher.expected());
        endLink();
    }

    private void endLink() {
        BackendLink dropped = link;
        link = null;
        moves = false;
        delay.clear();
        lookup.cancel();
        if (dropped != null) {
            dropped.drop();
        }
    }
}
