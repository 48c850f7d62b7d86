package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.wire.InputBlock;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One client request, or one key of a multi-key get, on its way through the proxy, from parse to reply. Pooled by the
 * worker; owned by its thread.
 *
 * <p>It may be answered while calls that routes have made of it are unanswered. It then leaves its client's queue, but
 * keeps the request and the routes it runs on until the last of them lets go.
 */
final class Exchange extends Call implements RequestHolder {

    private final WorkerClients clients;
    private final Request request = new Request();
    private final ExchangeReply output;

    /** The client whose queue it is in; null before and afterwards. */
    @SuppressWarnings("NullAway.Init")
    private ClientConnection client;

    @SuppressWarnings("NullAway.Init")
    private InputBlock block;

    private @Nullable ByteBuf value;
    private @Nullable RouteTable table;
    private boolean endsMultiget;
    private boolean done;
    /** Whether the client's {@link KeyOrder} knows it. */
    private boolean listed;
    /** There was no room for the reply: it is skipped, and answered with an error when it has ended. */
    private boolean refused;
    /** The bytes of its value that are counted. */
    private int valueBytes;
    /** Counts them, also when the client's queue has forgotten the exchange; null if they are not counted. */
    private @Nullable ClientMemory valueOf;
    /** The number of receivers that need the request beyond its answer. */
    private int holds;

    Exchange(WorkerClients clients) {
        this.clients = clients;
        this.output = new ExchangeReply(this, clients);
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public @Nullable ByteBuf value() {
        return value;
    }

    @Override
    public RequestHolder holder() {
        return this;
    }

    @Override
    public int clientDescriptor() {
        return client == null ? 0 : client.descriptor();
    }

    @Override
    public void retain() {
        holds++;
    }

    @Override
    public void release() {
        if (--holds == 0 && done) {
            letGo();
            if (client == null) {
                clients.give(this);
            }
        }
    }

    // ---- life ----

    /** The client whose queue it is in. */
    ClientConnection client() {
        return client;
    }

    /** Begins to stand for the request in a block. */
    void begin(InputBlock requestBlock) {
        block = requestBlock.retain();
        done = false;
        refused = false;
        valueBytes = 0;
        endsMultiget = false;
    }

    /** Has the value lie apart from the line; the reference becomes the exchange's. */
    void setValue(ByteBuf apart) {
        value = apart;
    }

    /** Makes it the last key of a multi-key get: {@code END} follows its reply. */
    void setEndsMultiget() {
        endsMultiget = true;
    }

    /** Notes that it is in a client's queue now. */
    void queued(ClientConnection owner) {
        client = owner;
        output.begin();
    }

    /** Has its value counted until nobody needs it any more. */
    void countValue() {
        valueBytes = request.valueBytes();
        valueOf = client.memory();
        valueOf.holdValues(valueBytes);
    }

    /** Notes that a route is about to be started for it. */
    void enter(RouteTable inForce) {
        table = inForce;
        inForce.enter();
        clients.counters().increment(Counter.ACTIVE_REQUESTS);
    }

    boolean done() {
        return done;
    }

    /** Whether a route has been started for it, or will be, and has not let go. */
    boolean isRouted() {
        return table != null;
    }

    boolean listed() {
        return listed;
    }

    void setListed(boolean nowListed) {
        listed = nowListed;
    }

    /** The bytes of its reply. */
    ExchangeReply output() {
        return output;
    }

    /** Leaves its client's queue: it is ready to stand for another request as soon as nobody holds it. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    void recycle() {
        client = null;
        if (holds == 0) {
            clients.give(this);
        }
    }

    /** Gives up an exchange that was never put into the queue. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    void abandon() {
        block.release();
        block = null;
        recycle();
    }

    private void finish() {
        done = true;
        if (holds == 0) {
            letGo();
        }
        client.answered(this, output.bytes());
    }

    /** Gives back the request's memory and leaves the routes. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    private void letGo() {
        block.release();
        block = null;
        if (value != null) {
            value.release();
            value = null;
        }
        if (valueBytes > 0) {
            valueOf.holdValues(-valueBytes);
            valueOf = null;
            valueBytes = 0;
        }
        RouteTable used = table;
        if (used != null) {
            table = null;
            clients.counters().decrement(Counter.ACTIVE_REQUESTS);
            used.leave();
        }
    }

    // ---- answering ----

    @Override
    public void replied(Reply reply) {
        if (client.wantsOutput() && !request.silences(reply.type())) {
            if (output.refuses(reply.wholeBytes())) {
                output.append(Replies.OUT_OF_MEMORY_GET);
            } else {
                output.append(reply, request.partOfMultiget());
            }
        }
        end();
    }

    /** Answers with a line of the proxy's own, which the flag {@code q} does not concern. */
    void reply(byte[] line) {
        if (client.wantsOutput() && !request.noreply()) {
            output.append(line);
        }
        end();
    }

    /** Answers with the bytes of the buffer, as they are. */
    @Override
    public void answered(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (client.wantsOutput() && !request.noreply() && length > 0) {
            if (output.refuses(length)) {
                output.append(Replies.OUT_OF_MEMORY_GET);
            } else {
                output.append(bytes, bytes.readerIndex(), length);
            }
        }
        end();
    }

    /** Ends the reply, of which nothing more is given: the only part of it if the answer is silence. */
    void end() {
        if (endsMultiget && client.wantsOutput()) {
            output.append(Replies.END);
        }
        finish();
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        // The first line of a large reply decides nothing else here: quiet and noreply never suppress a value.
        refused = output.refuses(totalBytes);
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        if (refused || !client.wantsOutput()) {
            return;
        }
        if (output.begun() && !client.memory().admitsPart(length)) {
            client.closeForMemory();
            return;
        }
        output.appendPart(source, index, length);
    }

    @Override
    public void replyEnds() {
        if (client.wantsOutput()) {
            if (refused) {
                output.append(Replies.OUT_OF_MEMORY_GET);
            } else if (request.command().isClassicGet() && !request.partOfMultiget()) {
                output.append(Replies.END);
            }
        }
        end();
    }

    @Override
    public void replyBreaks() {
        if (output.begun()) {
            // The client has been told the length: only the end of the connection can tell it that the rest is missing.
            client.abort();
            finish();
            return;
        }
        output.discard();
        replied(FixedReply.BACKEND_FAILURE);
    }
}
