package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.OwnCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Adds an item that was found in warm to cold. Then it looks whether warm still has it: another client may have deleted
 * it meanwhile, in cold too before it was added there. If warm has not, the item is taken away from cold again, unless
 * something has changed it since.
 *
 * <p>This finds such a delete, because deletes reach warm before cold. Used again and again; owned by the worker's
 * thread.
 */
final class WarmFill {

    private static final byte[] IF_CAS = " C".getBytes(StandardCharsets.US_ASCII);

    /** The digits of a CAS number. */
    private static final int CAS_BYTES = 20;

    /** Takes back fills that are done. */
    interface Home {
        void give(WarmFill done);
    }

    private final Route cold;
    private final Route warm;
    private final OwnRequest.Source requests;
    private final Home home;
    private final Leg adding = new Leg(this::added);
    private final Leg looking = new Leg(this::looked);
    private final Leg takingBack = new Leg((asked, reply) -> settled());
    private final ByteBuf cas = Unpooled.buffer(CAS_BYTES);
    private @Nullable Runnable waiting;

    WarmFill(Route cold, Route warm, OwnRequest.Source requests, Home home) {
        this.cold = cold;
        this.warm = warm;
        this.requests = requests;
        this.home = home;
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
        if (reply.type() != ReplyType.HD || !reply.hasFlag('c')) {
            settled();
            return;
        }
        cas.clear().writeBytes(reply.buffer(), reply.flagTokenIndex('c'), reply.flagTokenLength('c'));
        OwnRequest look = requests.take();
        KeyLine.endMeta(KeyLine.begin(look.line(), KeyLine.META_GET, add.request()), add.request());
        look.parse();
        looking.send(look, warm);
    }

    private void looked(OwnRequest look, Reply reply) {
        if (reply.type() == ReplyType.HD && !WarmCommands.isStaleOrEmpty(reply)) {
            settled();
            return;
        }
        OwnRequest takeBack = requests.take();
        ByteBuf line = KeyLine.begin(takeBack.line(), KeyLine.META_DELETE, look.request());
        KeyLine.endMeta(line.writeBytes(IF_CAS).writeBytes(cas), look.request());
        takeBack.parse();
        takingBack.send(takeBack, cold);
    }

    private void settled() {
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
