package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.ReplyKind;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One client request, or one key of a multi-key get, on its way through the proxy, from parse to reply. Pooled by the
 * worker; owned by its thread.
 *
 * <p>It may be answered while calls that routes have made of it are unanswered. It then leaves its client's queue, but
 * keeps the request and the routes it runs on until the last of them lets go.
 *
 * <p>A worker has thousands of these under way. What one of them touches in memory decides what a request costs, so an
 * exchange is few objects with few fields: its reply is its superclass, and the keys of a line share what they can.
 */
abstract sealed class Exchange extends ExchangeReply implements RequestHolder
        permits RequestExchange, MultigetKeys.KeyExchange {

    private final Request request = new Request();

    private @Nullable RouteTable table;
    /** The number of receivers that need the request beyond its answer. */
    private int holds;
    /** The time at which its last byte was read. */
    private long arrivedNanos;
    /** It needs no answer any more. */
    private boolean done;
    /** Its place in the client's {@link KeyOrder}, if that knows it. */
    private KeyOrder.@Nullable Entry listing;
    /** Whether there was no room for the reply: it is skipped, and answered with an error when it has ended. */
    private boolean refused;

    Exchange(WorkerClients clients) {
        super(clients);
    }

    @Override
    public final Request request() {
        return request;
    }

    @Override
    public final RequestHolder holder() {
        return this;
    }

    @Override
    public final int clientDescriptor() {
        return client == null ? 0 : client.descriptor();
    }

    @Override
    public final Identity identity() {
        return client == null ? Identity.UNKNOWN : client.identity();
    }

    @Override
    public final void retain() {
        holds++;
    }

    @Override
    public final void release() {
        if (--holds == 0 && done) {
            letGo();
            if (client == null) {
                recycle();
            }
        }
    }

    // ---- life ----

    /** Begins to stand for a request, whose memory its kind keeps. */
    protected final void begin() {
        done = false;
        refused = false;
        beginReply();
    }

    /** Notes that it is in the queue of a client, from which its last byte was read at that time. */
    final void queued(ClientConnection owner, long nanos) {
        client = owner;
        arrivedNanos = nanos;
    }

    /** Notes that a route is about to be started for it. */
    final void enter(RouteTable inForce) {
        table = inForce;
        inForce.enter();
        clients.counters().increment(Counter.ACTIVE_REQUESTS);
    }

    final boolean done() {
        return done;
    }

    /**
     * Whether its latency counts: it has a reply, and its command line has no keys behind it, since a get of several
     * keys is one request to its client.
     */
    final boolean isMeasured() {
        return replyLength() > 0 && (!request.partOfMultiget() || endsMultiget());
    }

    /** The time at which its last byte was read, on the worker's clock. */
    final long arrivedNanos() {
        return arrivedNanos;
    }

    /** Whether a route has been started for it, or will be, and has not let go. */
    final boolean isRouted() {
        return table != null;
    }

    final KeyOrder.@Nullable Entry listing() {
        return listing;
    }

    final void setListing(KeyOrder.@Nullable Entry place) {
        listing = place;
    }

    /** Leaves its client's queue: it is ready to stand for another request as soon as nobody holds it. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    final void leaveQueue() {
        client = null;
        if (holds == 0) {
            recycle();
        }
    }

    /** Gives up an exchange that was never put into the queue, as soon as nobody holds it. */
    final void abandon() {
        done = true;
        if (holds == 0) {
            letGo();
            recycle();
        }
    }

    private void finish() {
        done = true;
        if (holds == 0) {
            letGo();
        }
        client.answered(this, replyLength());
    }

    /** Gives back the request's memory and leaves the routes. */
    private void letGo() {
        releaseRequest();
        RouteTable used = table;
        if (used != null) {
            table = null;
            clients.counters().decrement(Counter.ACTIVE_REQUESTS);
            used.leave();
        }
    }

    /** Gives back the memory of the request. */
    protected abstract void releaseRequest();

    /** Is ready to stand for another request. */
    protected abstract void recycle();

    /** Whether it is the last key of a multi-key get: {@code END} follows its reply. */
    protected abstract boolean endsMultiget();

    // ---- answering ----

    @Override
    public final void replied(Reply reply) {
        if (isRouted() && client.outcomes().ended(request, arrivedNanos, reply.type())) {
            client.touch();
        }
        if (client.wantsOutput() && !request.silences(reply.type())) {
            if (refuses(reply.wholeBytes())) {
                append(Replies.OUT_OF_MEMORY_GET);
            } else {
                append(reply, request.partOfMultiget());
            }
        }
        end();
    }

    /** Answers with a line of the proxy's own, which the flag {@code q} does not concern. */
    final void reply(byte[] line) {
        if (client.wantsOutput() && !request.noreply()) {
            append(line);
        }
        end();
    }

    /** Answers with the bytes of the buffer, as they are. */
    @Override
    public final void answered(ByteBuf bytes) {
        if (isRouted()) {
            client.outcomes().ended(request, arrivedNanos, bytes);
        }
        int length = bytes.readableBytes();
        if (client.wantsOutput() && !request.noreply() && length > 0) {
            if (refuses(length)) {
                append(Replies.OUT_OF_MEMORY_GET);
            } else {
                append(bytes, bytes.readerIndex(), length);
            }
        }
        end();
    }

    /** Ends the reply, of which nothing more is given: the only part of it if the answer is silence. */
    final void end() {
        if (endsMultiget() && client.wantsOutput()) {
            append(Replies.END);
        }
        finish();
    }

    @Override
    public final void replyBegins(Reply reply, int totalBytes) {
        // The first line of a large reply decides nothing else here: quiet and noreply never suppress a value.
        refused = refuses(totalBytes);
    }

    @Override
    public final void replyBytes(ByteBuf source, int index, int length) {
        if (refused || !client.wantsOutput()) {
            return;
        }
        if (begun() && !client.memory().admitsPart(length)) {
            client.closeForMemory();
            return;
        }
        appendPart(source, index, length);
    }

    @Override
    public final void replyEnds() {
        client.outcomes().ended(request, arrivedNanos, refused ? ReplyKind.ERROR : ReplyKind.HIT);
        if (client.wantsOutput()) {
            if (refused) {
                append(Replies.OUT_OF_MEMORY_GET);
            } else if (request.command().isClassicGet() && !request.partOfMultiget()) {
                append(Replies.END);
            }
        }
        end();
    }

    @Override
    public final void replyBreaks() {
        if (begun()) {
            // The client has been told the length: only the end of the connection can tell it that the rest is missing.
            client.outcomes().ended(request, arrivedNanos, ReplyKind.ERROR);
            client.abort();
            finish();
            return;
        }
        discard();
        replied(FixedReply.BACKEND_FAILURE);
    }
}
