package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.InputArena;
import io.memroute.proxy.wire.InputBlock;
import io.netty.buffer.ByteBuf;

/**
 * Makes exchanges of what one client sends, as many as its connection will take; the rest waits here. Owned by the
 * worker's thread.
 *
 * @see "proxy-api.md sections 4.1 to 4.3, 4.6, 4.7"
 */
final class RequestReader {

    /** A value that has not wholly arrived and is longer than this is gathered apart instead of behind its line. */
    private static final int UPLOAD_FROM_BYTES = 16 << 10;

    private final WorkerClients clients;
    private final WorkerCounters counters;
    private final ClientConnection client;

    /** What has been received and not parsed yet; null if nothing. */
    private InputBlock block;

    private int from;
    /** Bytes behind {@link #from} that are known to hold no line end. */
    private int searched;

    private int to;
    /** Bytes of a refused value still to be skipped. */
    private long swallow;
    /** A large value on its way, with the request it belongs to. */
    private ValueUpload upload;

    private Exchange uploading;
    private long arrived;
    /** A multi-key get of which not all keys have been started, and where its next key is. */
    private Exchange multiget;

    private int multigetKey;

    RequestReader(WorkerClients clients, ClientConnection client) {
        this.clients = clients;
        this.counters = clients.counters();
        this.client = client;
    }

    /** Takes what has arrived; the buffer stays the caller's. */
    void receive(ByteBuf data) {
        int index = data.readerIndex();
        int end = data.writerIndex();
        arrived += end - index;
        if (block == null && swallow > 0) {
            int skipped = (int) Math.min(swallow, end - index);
            swallow -= skipped;
            index += skipped;
        }
        if (upload != null) {
            index += continueUpload(data, index, end - index);
        }
        if (index == end) {
            return;
        }
        InputArena.Place place = clients.arena().join(block, from, to, data, index, end - index);
        InputBlock joined = place.block().retain();
        if (block != null) {
            block.release();
        }
        block = joined;
        from = place.from();
        to = place.to();
        process();
        if (block != null) {
            client.memory().update();
        }
    }

    // ---- what its memory needs to know ----

    /** Bytes of buffers that wait for the rest of a line or a value, or for earlier requests to be answered. */
    long heldBytes() {
        long gathered = upload == null ? 0 : upload.heldBytes();
        return block == null ? gathered : gathered + (block.isSingle() ? block.capacity() : to - from);
    }

    /** Bytes that have arrived so far. */
    long arrivedBytes() {
        return arrived;
    }

    /** Whether the client has begun a request and not ended it. */
    boolean awaitsRest() {
        return upload != null || block != null && !client.isPaused();
    }

    /** Whether the rest of a large value is awaited. */
    boolean isUploading() {
        return upload != null;
    }

    /** Gives up the value on its way: the rest of it will be skipped. */
    void refuseUpload() {
        swallow = upload.missingBytes();
        Exchange refused = dropUpload();
        counters.increment(Counter.OUT_OF_MEMORY);
        client.answer(refused, Replies.OUT_OF_MEMORY);
    }

    /**
     * How much there is of a request that has not wholly arrived; 0 if there is none. Grows by what is read as long as
     * that request goes on. Of one that is skipped only that difference is known.
     */
    long unfinishedBytes() {
        if (upload != null) {
            return upload.arrivedBytes();
        }
        return swallow > 0 ? Long.MAX_VALUE - swallow : block == null ? 0 : to - from;
    }

    /** Starts as many of the received requests as the connection will take. */
    void process() {
        while (block != null && client.wantsRequests()) {
            if (client.saturated()) {
                client.pause();
                return;
            }
            if (multiget != null) {
                startKeys();
            } else if (from == to) {
                dropInput();
            } else if (swallow > 0) {
                int skipped = (int) Math.min(swallow, to - from);
                swallow -= skipped;
                from += skipped;
            } else if (!startNext()) {
                return;
            }
        }
    }

    /** The connection is at its end: forgets what has not been started. */
    void close() {
        dropInput();
        if (upload != null) {
            dropUpload().abandon();
        }
        if (multiget != null) {
            multiget.abandon();
            multiget = null;
        }
    }

    /** Parses and starts one request. Returns false if it has not wholly arrived. */
    private boolean startNext() {
        Exchange exchange = clients.take();
        Request request = exchange.request();
        int outcome = clients.parser().parse(block.view(), from, to, from + searched, request);
        searched = outcome == RequestParser.INCOMPLETE ? to - from : 0;
        if (outcome == RequestParser.INCOMPLETE) {
            clients.give(exchange);
            return false;
        }
        if (outcome != RequestParser.COMPLETE
                && !(outcome == RequestParser.MALFORMED && client.takesMalformed(request))) {
            refuse(exchange);
            return true;
        }
        if (request.valueLength() >= 0) {
            return startWithValue(exchange);
        }
        exchange.begin(client, block);
        from = request.end();
        if (request.multiKey() && client.routesRequests()) {
            multiget = exchange;
            multigetKey = request.keyIndex();
        } else {
            client.start(exchange);
        }
        return true;
    }

    private boolean startWithValue(Exchange exchange) {
        Request request = exchange.request();
        int valueBytes = request.valueBytes();
        int here = to - request.end();
        if (here < valueBytes && valueBytes <= UPLOAD_FROM_BYTES) {
            clients.give(exchange);
            return false;
        }
        exchange.begin(client, block);
        from = request.end();
        if (valueBytes > UPLOAD_FROM_BYTES && !client.memory().admitsValue(valueBytes)) {
            counters.increment(Counter.OUT_OF_MEMORY);
            swallow = valueBytes;
            client.answer(exchange, Replies.OUT_OF_MEMORY);
        } else if (here < valueBytes) {
            if (client.refusesTooLarge(exchange)) {
                swallow = valueBytes;
            } else {
                beginUpload(exchange, here, valueBytes);
            }
        } else {
            from += valueBytes;
            if (endsLine(block.view(), from)) {
                exchange.countValue();
                client.start(exchange);
            } else {
                refuseValue(exchange);
            }
        }
        return true;
    }

    private static boolean endsLine(ByteBuf buffer, int end) {
        return buffer.getByte(end - 2) == '\r' && buffer.getByte(end - 1) == '\n';
    }

    private void beginUpload(Exchange exchange, int here, int valueBytes) {
        clients.sawLarge(valueBytes);
        uploading = exchange;
        upload = new ValueUpload(clients.worker().allocator(), valueBytes);
        upload.addCopy(block.view(), from, here);
        dropInput();
        client.memory().update();
    }

    /** Takes what has arrived of the value. Returns how much that was. */
    private int continueUpload(ByteBuf data, int index, int length) {
        int taken = upload.add(data, index, length);
        if (upload.isComplete()) {
            finishUpload();
        } else {
            client.memory().update();
            if (!client.memory().admitsValue(0) && isUploading()) {
                refuseUpload();
            }
        }
        return taken;
    }

    private void finishUpload() {
        Exchange exchange = uploading;
        ByteBuf value = upload.finish();
        uploading = null;
        upload = null;
        client.memory().update();
        exchange.setValue(value);
        if (endsLine(value, value.writerIndex())) {
            exchange.countValue();
            client.start(exchange);
        } else {
            refuseValue(exchange);
        }
    }

    /** Forgets the value on its way. Returns its exchange, which is not in the queue. */
    private Exchange dropUpload() {
        Exchange dropped = uploading;
        upload.discard();
        upload = null;
        uploading = null;
        client.memory().update();
        return dropped;
    }

    private void refuseValue(Exchange exchange) {
        counters.increment(Counter.REQUEST_ERRORS);
        client.answer(exchange, Replies.BAD_DATA_CHUNK);
    }

    /** Answers a malformed request and skips what belongs to it. */
    private void refuse(Exchange exchange) {
        Request request = exchange.request();
        exchange.begin(client, block);
        from = request.end();
        swallow = request.valueBytes();
        counters.increment(Counter.REQUEST_ERRORS);
        if (request.error().closesConnection()) {
            client.takeNoMoreRequests();
        }
        client.answer(exchange, request.error().reply());
    }

    /** Starts keys of a multi-key get, each as a request of its own. */
    private void startKeys() {
        Exchange whole = multiget;
        Request line = whole.request();
        while (multigetKey >= 0 && !client.saturated()) {
            int end = line.keyEnd(multigetKey);
            Exchange exchange = clients.take();
            exchange.begin(client, block);
            exchange.request().setKeyOf(line, multigetKey, end - multigetKey);
            multigetKey = line.nextKey(end);
            if (multigetKey < 0) {
                exchange.setEndsMultiget();
            }
            client.start(exchange);
        }
        if (multigetKey < 0) {
            multiget = null;
            whole.abandon();
        }
    }

    private void dropInput() {
        if (block != null) {
            block.release();
            block = null;
        }
    }
}
