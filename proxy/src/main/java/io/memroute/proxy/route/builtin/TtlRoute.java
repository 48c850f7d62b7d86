package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Has the child store with another time to live. The child gets a copy of the request; others that are sent the same
 * request get it as it came.
 *
 * @see "docs/reference/route-library.md section 2.9"
 */
public final class TtlRoute implements Route {

    /** The token with the expiry in {@code set}, {@code add} and {@code cas}, counted from 0. */
    private static final int EXPIRY_TOKEN = 3;

    private final byte[] ttl;
    private final Route child;
    private final OwnRequest.Source requests;
    private final FreeList<Rewritten> free = new FreeList<>(Rewritten::new);

    public TtlRoute(int ttlSeconds, Route child, OwnRequest.Source requests) {
        this.ttl = Integer.toString(ttlSeconds).getBytes(StandardCharsets.US_ASCII);
        this.child = child;
        this.requests = requests;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        Command command = request.command();
        if (!command.takesTtl()) {
            call.replied(FixedReply.NO_TTL_COMMAND);
            return;
        }
        Rewritten rewritten = free.take();
        rewritten.askedBy(call);
        rewritten.own = requests.take();
        if (command == Command.MS) {
            writeMetaSet(request, rewritten.own.line());
        } else {
            writeReplacing(
                    request, request.tokenIndex(EXPIRY_TOKEN), request.tokenLength(EXPIRY_TOKEN), rewritten.own.line());
        }
        rewritten.own.copyValue(request, call.holder());
        if (rewritten.own.parse()) {
            child.start(rewritten);
        } else {
            // One flag more than memcached takes, or a line too long with it.
            rewritten.replied(rewritten.own.refusal());
        }
    }

    private void writeMetaSet(Request request, ByteBuf out) {
        if (request.hasFlag('T')) {
            writeReplacing(request, request.flagTokenIndex('T'), request.flagTokenLength('T'), out);
            return;
        }
        out.writeBytes(request.buffer(), request.start(), request.lineEnd() - request.start());
        out.writeByte(' ').writeByte('T').writeBytes(ttl).writeBytes(Replies.CRLF);
    }

    private void writeReplacing(Request request, int index, int length, ByteBuf out) {
        int after = index + length;
        out.writeBytes(request.buffer(), request.start(), index - request.start());
        out.writeBytes(ttl);
        out.writeBytes(request.buffer(), after, request.lineEnd() - after);
        out.writeBytes(Replies.CRLF);
    }

    private final class Rewritten extends PassedCall {
        @SuppressWarnings("NullAway.Init")
        private OwnRequest own;

        @Override
        public Request request() {
            return own.request();
        }

        @Override
        public @Nullable ByteBuf value() {
            return own.value();
        }

        @Override
        public RequestHolder holder() {
            return own;
        }

        @SuppressWarnings("NullAway") // not used again before it is set again
        @Override
        protected void recycle() {
            OwnRequest answered = own;
            forgetParent();
            own = null;
            free.give(this);
            answered.release();
        }
    }
}
