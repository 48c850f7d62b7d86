package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.call.RewrittenCall;
import io.memroute.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * Has the child store with another time to live. The child gets a copy of the request; others that are sent the same
 * request get it as it came.
 *
 * @see "docs/reference/route-library.md section 2.9"
 */
public final class TtlRoute implements Route {

    /** The token with the expiry in {@code set}, {@code add} and {@code cas}, counted from 0. */
    private static final int EXPIRY_TOKEN = 3;

    /** The number of seconds from which on memcached takes it for a point in time. */
    private static final int MAX_RELATIVE_SECONDS = 30 * 24 * 60 * 60;

    private final int ttlSeconds;
    private final byte[] ttl;
    /** Whether what expires sooner by itself keeps its time. */
    private final boolean shorten;

    private final InstantSource clock;
    private final Route child;
    private final OwnRequest.Source requests;
    private final FreeList<Rewritten> free = new FreeList<>(Rewritten::new);

    /** Replaces every time to live. */
    public TtlRoute(int ttlSeconds, Route child, OwnRequest.Source requests) {
        this(ttlSeconds, false, InstantSource.system(), child, requests);
    }

    /**
     * Replaces times to live.
     *
     * @param shorten whether to replace only longer ones
     * @param clock tells how long a point in time is ahead
     */
    public TtlRoute(int ttlSeconds, boolean shorten, InstantSource clock, Route child, OwnRequest.Source requests) {
        this.ttlSeconds = ttlSeconds;
        this.shorten = shorten;
        this.clock = clock;
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
        if (shorten && !lastsLonger(request)) {
            child.start(call);
            return;
        }
        Rewritten rewritten = free.take();
        OwnRequest own = rewritten.askedBy(call, requests);
        if (command == Command.MS) {
            writeMetaSet(request, own.line());
        } else {
            writeReplacing(request, request.tokenIndex(EXPIRY_TOKEN), request.tokenLength(EXPIRY_TOKEN), own.line());
        }
        own.copyValue(request, call.holder());
        if (own.parse()) {
            child.start(rewritten);
        } else {
            // One flag more than memcached takes, or a line too long with it.
            rewritten.replied(own.refusal());
        }
    }

    /** Whether the item is to live longer than the route lets it. What is no number is the server's to refuse. */
    private boolean lastsLonger(Request request) {
        boolean meta = request.command() == Command.MS;
        if (meta && !request.hasFlag('T')) {
            return true;
        }
        int index = meta ? request.flagTokenIndex('T') : request.tokenIndex(EXPIRY_TOKEN);
        int length = meta ? request.flagTokenLength('T') : request.tokenLength(EXPIRY_TOKEN);
        long seconds = 0;
        for (int i = index; i < index + length; i++) {
            int digit = request.buffer().getByte(i) - '0';
            if (digit < 0 || digit > 9 || length > 10) {
                // Also the sign of what is to expire at once.
                return false;
            }
            seconds = seconds * 10 + digit;
        }
        if (seconds > MAX_RELATIVE_SECONDS) {
            seconds -= clock.millis() / 1000;
            return seconds > ttlSeconds;
        }
        return seconds == 0 || seconds > ttlSeconds;
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

    private final class Rewritten extends RewrittenCall {
        @Override
        protected void giveBack() {
            free.give(this);
        }
    }
}
