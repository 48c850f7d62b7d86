package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Decimal;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.call.OwnReply;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.fanout.FanOut;
import io.memroute.proxy.route.fanout.FanOuts;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.wire.OutputBuffer;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Fills an empty ("cold") child from one that has the data ("warm"), while both are in use.
 *
 * <ul>
 *   <li>Gets ask cold. What misses there is fetched from warm with a meta get and added to cold with its flags and
 *       remaining time. A {@code get} is answered with warm's value at once; commands that show more than the value
 *       ({@code gets}, {@code gat}, {@code gats}, {@code mg}) are asked again of cold when it has the item, so that CAS
 *       numbers and times are cold's.
 *   <li>If cold fails, the get is warm's. What warm has marked as stale, or holds a place for, is a miss.
 *   <li>{@code touch}, and a get that changes how long the item lives, change it in warm too when cold has it.
 *   <li>{@code set} and {@code ms} in set mode without a CAS condition go to both and are answered when both are, so
 *       that warm never brings back what has been replaced. The reply is cold's.
 *   <li>What warm fails to take is deleted there later: see {@link WarmDebts}.
 *   <li>{@code delete} and {@code md} without a CAS condition go to warm, then to cold, and succeed if either does: see
 *       {@link WarmFill}.
 *   <li>What depends on the item as it is ({@code add}, {@code replace}, {@code append}, {@code prepend}, {@code cas},
 *       {@code incr}, {@code decr}, {@code touch}, {@code ma}, other modes of {@code ms}, {@code md} with a CAS
 *       condition) is cold's. If cold does not have the item, it is filled from warm and asked again. What makes an
 *       item that is not there ({@code add}, {@code ma} with {@code N}) asks warm first. When cold has done it, the
 *       item is deleted from warm.
 * </ul>
 *
 * <p>Longer than 300 lines: the calls that one request needs share its steps, and are understood together.
 *
 * @see "mcrouter wiki, List of Route Handles, WarmUpRoute"
 */
public final class WarmRoute implements Route {

    /** The key, too: a reply that belongs to another request must not be stored under this one's key. */
    private static final byte[] WITH_KEY_FLAGS_TTL_VALUE = " k f t v".getBytes(StandardCharsets.US_ASCII);

    /** The longest time that is not a moment since 1970: see the protocol's "Expiration times". */
    private static final long MOST_SECONDS = 30L * 24 * 60 * 60;

    private static final byte[] TTL = " T".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] META_SET = "ms ".getBytes(StandardCharsets.US_ASCII);
    /** Only if it is not there: what a client has stored meanwhile is newer. With its CAS number. */
    private static final byte[] ADD_MODE_WITH_CAS = " ME c".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] VALUE = "VALUE ".getBytes(StandardCharsets.US_ASCII);

    private final Route cold;
    private final Route warm;
    private final FanOuts sets;
    private final WarmDebts debts;
    private final OwnRequest.Source requests;
    /** Counts gets that cold missed and warm had, if they are counted. */
    private final @Nullable UserCounter warmHits;

    /** Counts gets that warm missed too. */
    private final @Nullable UserCounter warmMisses;

    private final @Nullable Watch watch;

    private final WorkerContext worker;
    private final FreeList<Steps> free = new FreeList<>(Steps::new);
    private final FreeList<WarmFill> fills;
    private final FreeList<WarmDelete> deletes;
    private final OwnReply classic = new OwnReply();

    /**
     * @param owed shared with all workers
     * @param watch is told of everything that warm is asked for
     */
    public WarmRoute(
            Route cold,
            Route warm,
            OwedKeys owed,
            OwnRequest.Source requests,
            Counters counters,
            @Nullable Watch watch,
            WorkerContext worker) {
        this.cold = cold;
        this.warm = warm;
        this.debts = new WarmDebts(warm, requests, owed, counters.debts(), worker);
        this.sets = new FanOuts(new Route[] {cold, warm}, new ColdsReply(debts), 0, worker);
        this.fills = new FreeList<>(() -> new WarmFill(cold, warm, debts, requests, worker, this::giveFill));
        this.deletes = new FreeList<>(() -> new WarmDelete(cold, debts, worker, this::giveDelete));
        this.requests = requests;
        this.warmHits = counters.hits();
        this.warmMisses = counters.misses();
        this.watch = watch;
        this.worker = worker;
    }

    /**
     * Its counters, as far as it has any.
     *
     * @param hits gets that cold missed and warm had
     * @param misses gets that warm missed too
     */
    public record Counters(
            @Nullable UserCounter hits, @Nullable UserCounter misses, WarmDebts.@Nullable Counters debts) {

        /** Counts nothing. */
        public static final Counters NONE = new Counters(null, null, null);
    }

    /** Learns what the warm side still has. On the workers' threads. */
    public interface Watch {

        /** Warm had what cold did not. */
        void found();

        /** Warm did not have it either. */
        void missed();

        /** Warm has not said whether it has it. */
        void failed();
    }

    /** Has warm delete what it should have changed, if it is time to try that. */
    void settle() {
        debts.settle();
    }

    @Override
    public void start(Call call) {
        settle();
        Request request = call.request();
        if (request.command() == Command.ME) {
            cold.start(call);
        } else if (WarmCommands.deletesUnconditionally(request)) {
            deletes.take().start(call, warm);
        } else if (WarmCommands.setsUnconditionally(request)) {
            sets.start(call);
        } else {
            free.take().begin(call);
        }
    }

    private void giveFill(WarmFill done) {
        fills.give(done);
    }

    private void giveDelete(WarmDelete done) {
        deletes.give(done);
    }

    /** Everything that one request needs: cold, then warm, then cold again. */
    private final class Steps {
        private final ColdCall onCold = new ColdCall(this);
        private final GatheredCall onWarm = new GatheredCall(this::warmReplied, worker);
        private final Runnable whenFilled = this::coldFilled;
        /** The first reply of cold. */
        private final KeptReply coldReply = new KeptReply(worker.allocator(), worker.memory());

        @SuppressWarnings("NullAway.Init")
        private Call parent;

        /** Whether warm has been asked. */
        private boolean filled;

        private boolean warmHasNone;

        void begin(Call call) {
            parent = call;
            warmHasNone = false;
            filled = WarmCommands.makesItem(call.request());
            if (filled) {
                fetch(call.request());
            } else {
                cold.start(onCold);
            }
        }

        void coldReplied(Reply reply) {
            Request request = parent.request();
            if (request.command().isGet()) {
                ReplyClass replyClass = ReplyClass.of(reply);
                if (replyClass == ReplyClass.MISS) {
                    coldReply.keep(reply);
                    fetch(request);
                } else if (replyClass == ReplyClass.GOOD) {
                    touchWarm(request);
                    answer(reply);
                } else if (debts.has(request)) {
                    answer(reply);
                } else {
                    passOn(warm);
                }
            } else if (!filled && WarmCommands.missesItem(request, reply)) {
                coldReply.keep(reply);
                fetch(request);
            } else {
                if (reply.type() == ReplyType.TOUCHED) {
                    touchWarm(request);
                } else if (WarmCommands.changedItem(reply) && !warmHasNone) {
                    deleteFromWarm(request);
                }
                answer(reply);
            }
        }

        private void fetch(Request request) {
            OwnRequest own = requests.take();
            ByteBuf line = KeyLine.begin(own.line(), KeyLine.META_GET, request);
            KeyLine.endMeta(line.writeBytes(WITH_KEY_FLAGS_TTL_VALUE), request);
            own.parse();
            onWarm.ask(own);
            warm.start(onWarm);
        }

        private void deleteFromWarm(Request request) {
            OwnRequest own = requests.take();
            KeyLine.endMeta(KeyLine.begin(own.line(), KeyLine.META_DELETE, request), request);
            sendToWarm(own);
        }

        /** The item lives as long in warm as in cold now, and does not come back from there. */
        private void touchWarm(Request request) {
            int token = WarmCommands.ttlToken(request);
            if (token >= 0) {
                OwnRequest own = requests.take();
                ByteBuf line = KeyLine.begin(own.line(), KeyLine.META_GET, request);
                line.writeBytes(TTL).writeBytes(request.buffer(), token, WarmCommands.ttlLength(request));
                KeyLine.endMeta(line, request);
                sendToWarm(own);
            }
        }

        private void sendToWarm(OwnRequest own) {
            own.parse();
            debts.send(own);
        }

        void warmReplied(OwnRequest asked, Reply reply) {
            if (reply.type() != ReplyType.VA
                    || !reply.hasFlag('f')
                    || !reply.hasFlag('t')
                    || debts.has(asked.request())
                    || WarmCommands.isStaleOrEmpty(reply)) {
                warmHasNone = ReplyClass.of(reply) == ReplyClass.MISS;
                noteNothing(warmHasNone || reply.type() == ReplyType.VA);
                if (coldReply.isEmpty()) {
                    cold.start(onCold);
                } else {
                    answer(coldReply.view());
                }
                return;
            }
            if (watch != null) {
                watch.found();
            }
            OwnRequest add = addToCold(asked.request(), reply);
            Command command = parent.request().command();
            if (command.isGet() && warmHits != null) {
                warmHits.increment();
            }
            if (command == Command.GET) {
                answerWithValue(reply);
                fills.take().start(add, null);
            } else {
                fills.take().start(add, whenFilled);
            }
        }

        private void noteNothing(boolean missed) {
            if (watch != null) {
                if (missed) {
                    watch.missed();
                } else {
                    watch.failed();
                }
            }
            if (missed && warmMisses != null && parent.request().command().isGet()) {
                warmMisses.increment();
            }
        }

        private OwnRequest addToCold(Request asked, Reply reply) {
            OwnRequest own = requests.take();
            ByteBuf line = KeyLine.begin(own.line(), META_SET, asked);
            line.writeByte(' ');
            Decimal.write(line, reply.valueLength());
            line.writeByte(' ')
                    .writeByte('F')
                    .writeBytes(reply.buffer(), reply.flagTokenIndex('f'), reply.flagTokenLength('f'));
            appendTtl(reply, line);
            KeyLine.endMeta(line.writeBytes(ADD_MODE_WITH_CAS), asked);
            int valueBytes = reply.valueBytes();
            if (valueBytes < OutputBuffer.SLICE_FROM_BYTES) {
                line.writeBytes(reply.buffer(), reply.end(), valueBytes);
            } else {
                own.setValue(reply.buffer().retainedSlice(reply.end(), valueBytes));
            }
            own.parse();
            return own;
        }

        /**
         * Warm says -1 for an item that never expires, and 0 for one in its last second, which as a TTL would be never.
         * A TTL of more than {@link #MOST_SECONDS} would be a moment that is long past.
         */
        private void appendTtl(Reply reply, ByteBuf line) {
            long seconds = Decimal.signed32(reply.buffer(), reply.flagTokenIndex('t'), reply.flagTokenLength('t'));
            if (seconds >= 0) {
                line.writeBytes(TTL);
                Decimal.write(
                        line,
                        seconds > MOST_SECONDS ? System.currentTimeMillis() / 1000 + seconds : Math.max(1, seconds));
            }
        }

        private void answerWithValue(Reply reply) {
            Request request = parent.request();
            ByteBuf line = KeyLine.begin(classic.begin(), VALUE, request);
            line.writeByte(' ').writeBytes(reply.buffer(), reply.flagTokenIndex('f'), reply.flagTokenLength('f'));
            line.writeByte(' ');
            Decimal.write(line, reply.valueLength());
            line.writeBytes(Replies.CRLF);
            classic.send(parent, reply.buffer(), reply.end(), reply.valueBytes());
            recycle();
        }

        void coldFilled() {
            if (parent.request().command().isGet()) {
                touchWarm(parent.request());
                passOn(cold);
            } else {
                filled = true;
                cold.start(onCold);
            }
        }

        /** The reply is that route's, as it is. */
        private void passOn(Route route) {
            Call asked = parent;
            recycle();
            route.start(asked);
        }

        void answer(Reply reply) {
            parent.replied(reply);
            recycle();
        }

        @SuppressWarnings("NullAway") // not used again before it is set again
        void recycle() {
            parent = null;
            coldReply.clear();
            free.give(this);
        }
    }

    /** The client's request, to cold. */
    private static final class ColdCall extends Call {
        private final Steps steps;

        ColdCall(Steps steps) {
            this.steps = steps;
        }

        @Override
        public Request request() {
            return steps.parent.request();
        }

        @Override
        public @Nullable ByteBuf value() {
            return steps.parent.value();
        }

        @Override
        public RequestHolder holder() {
            return steps.parent.holder();
        }

        @Override
        public void replied(Reply reply) {
            steps.coldReplied(reply);
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            // Large replies are hits.
            steps.parent.replyBegins(reply, totalBytes);
        }

        @Override
        public void replyBytes(ByteBuf source, int index, int length) {
            steps.parent.replyBytes(source, index, length);
        }

        @Override
        public void replyEnds() {
            steps.touchWarm(steps.parent.request());
            steps.parent.replyEnds();
            steps.recycle();
        }

        @Override
        public void replyBreaks() {
            steps.parent.replyBreaks();
            steps.recycle();
        }
    }

    /** Cold's reply to a set, when both have answered. */
    private record ColdsReply(WarmDebts debts) implements FanOut.Rule {

        private static final int COLD = 0;

        @Override
        public void replied(FanOut fanOut, int child, Reply reply) {
            if (child == COLD) {
                fanOut.keep(child, ReplyClass.of(reply), reply);
            } else {
                debts.note(fanOut.request(), reply);
            }
        }

        @Override
        public FanOut.Large largeBegins(FanOut fanOut, int child, Reply reply) {
            return child == COLD ? FanOut.Large.GATHER : FanOut.Large.DROP;
        }

        @Override
        public void allReplied(FanOut fanOut) {
            fanOut.answerKept();
        }
    }
}
