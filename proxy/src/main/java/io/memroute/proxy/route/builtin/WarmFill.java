package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.OwnCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds an item that was found in warm to cold. Then it looks whether warm still has it: another client may have deleted
 * it meanwhile, in cold too before it was added there. If warm has not, the item is taken away from cold again, unless
 * something has changed it since.
 *
 * <p>This finds such a delete, because deletes reach warm before cold. If cold's reply to the addition is lost, what
 * cold has is compared with what was to be added. Used again and again; owned by the worker's thread.
 */
final class WarmFill {

    private static final byte[] WITH_FLAGS_CAS_VALUE = " f c v".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IF_CAS = " C".getBytes(StandardCharsets.US_ASCII);

    /** The digits of a CAS number. */
    private static final int CAS_BYTES = 20;

    /** Takes back fills that are done. */
    interface Home {
        void give(WarmFill done);
    }

    private final Route cold;
    private final Route warm;
    private final WarmDebts debts;
    private final OwnRequest.Source requests;
    private final Home home;
    private final Leg adding = new Leg(this::added);
    private final Leg looking = new Leg(this::looked);
    private final GatheredCall comparing;
    private final Leg takingBack = new Leg(this::takenBack);
    private final ByteBuf cas = Unpooled.buffer(CAS_BYTES);
    /** The addition whose reply was lost. */
    private @Nullable OwnRequest unsure;

    private @Nullable Runnable waiting;

    WarmFill(Route cold, Route warm, WarmDebts debts, OwnRequest.Source requests, WorkerContext worker, Home home) {
        this.cold = cold;
        this.warm = warm;
        this.debts = debts;
        this.requests = requests;
        this.home = home;
        comparing = new GatheredCall(this::compared, worker);
    }

    /**
     * Sends a request that adds the item and asks for its CAS number.
     *
     * @param add is taken over
     * @param then runs when it is settled whether cold has the item
     */
    void start(OwnRequest add, @Nullable Runnable then) {
        waiting = then;
        adding.send(add, cold);
    }

    private void added(OwnRequest add, Reply reply) {
        if (WarmDebts.failed(reply)) {
            unsure = add;
            add.retain();
        } else if (reply.type() == ReplyType.HD && reply.hasFlag('c')) {
            keepCas(reply);
        } else {
            settled();
            return;
        }
        OwnRequest look = requests.take();
        KeyLine.endMeta(KeyLine.begin(look.line(), KeyLine.META_GET, add.request()), add.request());
        look.parse();
        looking.send(look, warm);
    }

    private void keepCas(Reply reply) {
        cas.clear().writeBytes(reply.buffer(), reply.flagTokenIndex('c'), reply.flagTokenLength('c'));
    }

    private void looked(OwnRequest look, Reply reply) {
        if (reply.type() == ReplyType.HD && !WarmCommands.isStaleOrEmpty(reply) && !debts.has(look.request())) {
            settled();
        } else if (unsure != null) {
            OwnRequest get = requests.take();
            ByteBuf line = KeyLine.begin(get.line(), KeyLine.META_GET, look.request());
            KeyLine.endMeta(line.writeBytes(WITH_FLAGS_CAS_VALUE), look.request());
            get.parse();
            comparing.ask(get);
            cold.start(comparing);
        } else {
            takeBack(look.request());
        }
    }

    private void compared(OwnRequest get, Reply reply) {
        if (reply.type() == ReplyType.VA && reply.hasFlag('c') && isAddition(reply)) {
            keepCas(reply);
            takeBack(get.request());
            return;
        }
        if (WarmDebts.failed(reply)) {
            debts.lost();
        }
        settled();
    }

    /** Whether cold has what was to be added: the same flags and the same value. */
    private boolean isAddition(Reply reply) {
        OwnRequest add = Objects.requireNonNull(unsure, "unsure");
        Request request = add.request();
        if (reply.valueLength() != request.valueLength()
                || !reply.hasFlag('f')
                || reply.flagTokenLength('f') != request.flagTokenLength('F')) {
            return false;
        }
        ByteBuf apart = add.value();
        return ByteBufUtil.equals(
                        reply.buffer(),
                        reply.flagTokenIndex('f'),
                        request.buffer(),
                        request.flagTokenIndex('F'),
                        request.flagTokenLength('F'))
                && ByteBufUtil.equals(
                        reply.buffer(),
                        reply.end(),
                        apart == null ? request.buffer() : apart,
                        apart == null ? request.end() : apart.readerIndex(),
                        request.valueLength());
    }

    private void takeBack(Request of) {
        OwnRequest takeBack = requests.take();
        ByteBuf line = KeyLine.begin(takeBack.line(), KeyLine.META_DELETE, of);
        KeyLine.endMeta(line.writeBytes(IF_CAS).writeBytes(cas), of);
        takeBack.parse();
        takingBack.send(takeBack, cold);
    }

    private void takenBack(OwnRequest asked, Reply reply) {
        if (WarmDebts.failed(reply)) {
            debts.lost();
        }
        settled();
    }

    private void settled() {
        if (unsure != null) {
            unsure.release();
            unsure = null;
        }
        Runnable then = waiting;
        waiting = null;
        home.give(this);
        if (then != null) {
            then.run();
        }
    }

    /** The step after the reply to one of the requests. */
    private interface Next {
        void replied(OwnRequest asked, Reply reply);
    }

    /** One of the requests. */
    private static final class Leg extends OwnCall {
        private final Next next;

        Leg(Next next) {
            this.next = next;
        }

        void send(OwnRequest request, Route to) {
            ask(request);
            to.start(this);
        }

        @Override
        protected void answered(OwnRequest asked, Reply reply) {
            next.replied(asked, reply);
        }
    }
}
