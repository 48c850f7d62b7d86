package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.wire.InputBlock;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;

/**
 * One client request, or one key of a multi-key get, on its way through the proxy, from parse to reply. Pooled by the
 * worker; owned by its thread.
 *
 * <p>A reply that is its client's next one goes straight to the client's output; any other is held here until those
 * before it are answered.
 *
 * <p>It may be answered while routes still have others at work on its request. It then leaves its client's queue, but
 * keeps the request and the routes it runs on until the last of them lets go.
 */
final class Exchange extends Call implements RequestHolder {

    private final Request request = new Request();
    private final WorkerClients clients;
    private final OutputBuffer held;

    private ClientConnection client;
    private InputBlock block;
    private ByteBuf value;
    private RouteTable table;
    private boolean endsMultiget;
    private boolean done;
    /** Whether the client's {@link KeyOrder} knows it. */
    private boolean listed;
    /** Bytes of an unfinished reply have been given to the client. */
    private boolean begun;
    /** There was no room for the reply: it is skipped, and answered with an error when it has ended. */
    private boolean refused;
    /** Bytes of its value that are counted. */
    private int valueBytes;
    /** Where they are counted, also when the client's queue has forgotten the exchange; null if they are not. */
    private ClientMemory valueOf;
    /** Length of the reply so far. */
    private long replyBytes;
    /** How many need the request beyond its answer. */
    private int holds;

    Exchange(WorkerClients clients) {
        this.clients = clients;
        this.held = new OutputBuffer(clients.worker().arrays());
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public ByteBuf value() {
        return value;
    }

    @Override
    public RequestHolder holder() {
        return this;
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

    /** Begins to stand for the request in a block. */
    void begin(ClientConnection owner, InputBlock requestBlock) {
        client = owner;
        block = requestBlock.retain();
        done = false;
        begun = false;
        refused = false;
        valueBytes = 0;
        replyBytes = 0;
        endsMultiget = false;
    }

    /** The value lies apart from the line; its reference becomes the exchange's. */
    void setValue(ByteBuf apart) {
        value = apart;
    }

    /** Has its value counted until nobody needs it any more. */
    void countValue() {
        valueBytes = request.valueBytes();
        valueOf = client.memory();
        valueOf.holdValues(valueBytes);
    }

    /** This is the last key of a multi-key get: {@code END} follows its reply. */
    void setEndsMultiget() {
        endsMultiget = true;
    }

    /** A route is about to be started for it. */
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

    /** Moves what is held to the client's output: this is now the client's next reply. */
    void becomeHead() {
        if (!held.isEmpty()) {
            begun = true;
            client.memory().holdReplies(-held.size());
            held.moveTo(client.output());
        }
    }

    /** It has left its client's queue: makes it ready to stand for another request as soon as nobody holds it. */
    void recycle() {
        client = null;
        if (holds == 0) {
            clients.give(this);
        }
    }

    /** Gives up an exchange that was never put into the queue. */
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
        client.answered(this, replyBytes);
    }

    /** Gives back the request's memory and leaves the routes. */
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
            int bytes = reply.wholeBytes();
            if (isRefused(bytes)) {
                append(Replies.OUT_OF_MEMORY_GET);
            } else {
                append(reply, bytes);
            }
        }
        end();
    }

    /** Answers with a line of the proxy's own: nothing that the flag {@code q} is about. */
    void reply(byte[] line) {
        if (client.wantsOutput() && !request.noreply()) {
            append(line);
        }
        end();
    }

    @Override
    public int clientDescriptor() {
        return client == null ? 0 : client.descriptor();
    }

    @Override
    public void answered(ByteBuf bytes) {
        reply(bytes);
    }

    /** Answers with what the buffer holds, as it is. */
    void reply(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (client.wantsOutput() && !request.noreply() && length > 0) {
            if (isRefused(length)) {
                append(Replies.OUT_OF_MEMORY_GET);
            } else {
                append(bytes, bytes.readerIndex(), length);
            }
        }
        end();
    }

    /** Answers with nothing. */
    void replySilently() {
        end();
    }

    private void end() {
        if (endsMultiget && client.wantsOutput()) {
            append(Replies.END);
        }
        finish();
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        // Nothing else is decided by a large reply's first line here: quiet and noreply never suppress a value.
        refused = isRefused(totalBytes);
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        if (refused || !client.wantsOutput()) {
            return;
        }
        if (begun && !client.memory().admitsPart(length)) {
            client.closeForMemory();
            return;
        }
        append(source, index, length);
        begun |= client.isHead(this);
    }

    @Override
    public void replyEnds() {
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
    public void replyBreaks() {
        if (begun) {
            // The client has been told the length: only the end of the connection can tell it that the rest is missing.
            client.abort();
            finish();
            return;
        }
        discardHeld();
        replied(FixedReply.BACKEND_FAILURE);
    }

    /** The client has gone, or will not be told: nobody will read what is held. */
    void discardHeld() {
        client.memory().holdReplies(-held.size());
        held.discard();
    }

    /** Whether a reply of that length is too much for the client now; counts it. */
    private boolean isRefused(int bytes) {
        if (bytes < OutputBuffer.SLICE_FROM_BYTES || !client.wantsOutput()) {
            return false;
        }
        clients.sawLarge(bytes);
        if (client.memory().admitsReply(bytes)) {
            return false;
        }
        clients.counters().increment(Counter.OUT_OF_MEMORY);
        return true;
    }

    private OutputBuffer target() {
        return client.isHead(this) ? client.outputToFlush() : held;
    }

    private void append(byte[] line) {
        target().append(line);
        appended(line.length);
    }

    /** Appends bytes that may be kept as a slice, if they leave soon. */
    private void append(ByteBuf source, int index, int length) {
        if (client.isHead(this)) {
            client.outputToFlush();
            client.appendReply(source, index, length);
        } else {
            held.appendLasting(source, index, length);
        }
        appended(length);
    }

    /** Counts what has been appended. */
    private void appended(int bytes) {
        replyBytes += bytes;
        if (!client.isHead(this)) {
            client.memory().holdReplies(bytes);
        }
    }

    private void append(Reply reply, int bytes) {
        if (reply.type() == ReplyType.END) {
            if (!request.partOfMultiget()) {
                append(Replies.END);
            }
            return;
        }
        append(reply.buffer(), reply.start(), bytes);
        if (reply.type() == ReplyType.VALUE && !request.partOfMultiget()) {
            append(Replies.END);
        }
    }
}
