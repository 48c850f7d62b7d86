package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.wire.InputArena;
import io.memroute.proxy.wire.InputBlock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes exchanges of the bytes that one client sends, as many as its connection takes; the rest waits here. Owned by
 * the worker's thread.
 *
 * <p>Longer than 300 lines: the phases of one stream of bytes share its indexes, and each may follow any other.
 *
 * @see "docs/reference/proxy-api.md sections 4.1 to 4.3, 4.6, 4.7"
 */
final class RequestReader {

    /** A value that has not wholly arrived and is longer than this is gathered apart instead of behind its line. */
    private static final int UPLOAD_FROM_BYTES = 16 << 10;

    /** The meaning of the next bytes. */
    private enum Phase {
        /** A command line, with its value if that is not long. */
        LINE,
        /** Keys of a multi-key get of which not all have been started. */
        KEYS,
        /** A large value, which is gathered apart. */
        VALUE,
        /** The rest of a refused request, which is passed over. */
        SKIPPED
    }

    private final WorkerClients clients;
    private final RequestTaker taker;
    private final ClientMemory memory;

    private final MultigetKeys keys;
    private Phase phase = Phase.LINE;

    /** Holds the bytes that have been received and not parsed yet, if there are any. */
    private @Nullable InputBlock block;

    private int from;
    private int to;
    /** Bytes behind {@link #from} that are known to hold no line end. */
    private int searched;

    private long arrived;

    /** The value on its way in phase {@link Phase#VALUE}. */
    @SuppressWarnings("NullAway.Init")
    private ValueUpload upload;
    /** The bytes that are still to come in phase {@link Phase#SKIPPED}. */
    private long toSkip;

    RequestReader(WorkerClients clients, RequestTaker taker, ClientMemory memory) {
        this.clients = clients;
        this.taker = taker;
        this.memory = memory;
        this.keys = new MultigetKeys(clients, taker);
    }

    /** Takes the bytes that have arrived; the buffer stays the caller's. */
    void receive(ByteBuf data) {
        int index = data.readerIndex();
        int end = data.writerIndex();
        arrived += end - index;
        if (phase == Phase.SKIPPED && block == null) {
            index += skip(end - index);
        } else if (phase == Phase.VALUE) {
            index += continueUpload(data, index, end - index);
        }
        if (index == end) {
            return;
        }
        InputArena.Place place = clients.arena().join(block, from, to, data, index, end - index);
        InputBlock joined = place.block().retain();
        dropInput();
        block = joined;
        from = place.from();
        to = place.to();
        process();
        if (block != null) {
            memory.update();
        }
    }

    /** Starts as many of the received requests as the connection takes. */
    void process() {
        for (InputBlock input = block; input != null; input = block) {
            if (phase != Phase.KEYS && from == to) {
                dropInput();
            } else if (!taker.takesMore()) {
                return;
            } else if (phase == Phase.KEYS) {
                if (keys.start()) {
                    phase = Phase.LINE;
                }
            } else if (phase == Phase.SKIPPED) {
                from += skip(to - from);
            } else if (!startNext(input)) {
                return;
            }
        }
    }

    /** Forgets what has not been started: the connection is at its end. */
    void close() {
        dropInput();
        switch (phase) {
            case LINE, SKIPPED -> {}
            case KEYS -> keys.abandon();
            case VALUE -> dropUpload().abandon();
        }
        phase = Phase.LINE;
    }

    /**
     * Whether another process can go on where this one stops: what has been read and not started is no more than the
     * beginning of a line, or of one with a short value.
     */
    boolean canStop() {
        return phase == Phase.LINE && (block == null || to - from <= MovingClient.MOST_RECEIVED_BYTES);
    }

    /** Returns what has been read and not started; only if it {@link #canStop()}. */
    byte[] unstarted() {
        return block == null ? new byte[0] : ByteBufUtil.getBytes(block.view(), from, to - from);
    }

    /** Bytes of buffers that wait for the rest of a line or a value, or for earlier requests to be answered. */
    long heldBytes() {
        long gathered = phase == Phase.VALUE ? upload.heldBytes() : 0;
        return block == null ? gathered : gathered + (block.isSingle() ? block.capacity() : to - from);
    }

    long arrivedBytes() {
        return arrived;
    }

    boolean holdsInput() {
        return block != null;
    }

    boolean isUploading() {
        return phase == Phase.VALUE;
    }

    /** Gives up the value on its way: the rest of it will be skipped. */
    void refuseUpload() {
        int missing = upload.missingBytes();
        RequestExchange refused = dropUpload();
        skipNext(missing);
        clients.counters().increment(Counter.OUT_OF_MEMORY);
        taker.refuse(refused, Replies.OUT_OF_MEMORY);
    }

    /**
     * The bytes of a request that has not wholly arrived; 0 if there is none. They grow by what is read as long as that
     * request goes on. Of one that is skipped only that difference is known.
     */
    long unfinishedBytes() {
        return switch (phase) {
            // The line has arrived: the request has begun before the first byte of its value is here.
            case VALUE -> 1L + upload.arrivedBytes();
            case SKIPPED -> Long.MAX_VALUE - toSkip;
            case LINE, KEYS -> block == null ? 0 : to - from;
        };
    }

    /** Parses and starts one request. Returns false if it has not wholly arrived. */
    private boolean startNext(InputBlock input) {
        RequestExchange exchange = clients.take();
        Request request = exchange.request();
        int outcome = clients.parser().parse(input.view(), from, to, from + searched, request);
        searched = outcome == RequestParser.INCOMPLETE ? to - from : 0;
        if (outcome == RequestParser.INCOMPLETE) {
            clients.give(exchange);
            return false;
        }
        boolean wrong = outcome == RequestParser.MALFORMED ? !taker.routes(request) : outcome != RequestParser.COMPLETE;
        if (!wrong && awaitsSmallValue(request)) {
            clients.give(exchange);
            return false;
        }
        byte[] refusal = wrong ? clients.refusal(request) : taker.refusal(request);
        if (refusal != null) {
            refuse(exchange, input, refusal);
            return true;
        }
        if (request.valueLength() >= 0) {
            startWithValue(exchange, input);
            return true;
        }
        exchange.begin(input);
        from = request.end();
        if (request.multiKey() && taker.routes(request)) {
            phase = Phase.KEYS;
            keys.begin(exchange);
        } else {
            taker.start(exchange);
        }
        return true;
    }

    /** Answers a request with an error line and skips the value that belongs to it. */
    private void refuse(RequestExchange exchange, InputBlock input, byte[] line) {
        Request request = exchange.request();
        exchange.begin(input);
        from = request.end();
        skipNext(request.valueBytes());
        taker.refuse(exchange, line);
    }

    private void skipNext(long bytes) {
        toSkip = bytes;
        phase = bytes > 0 ? Phase.SKIPPED : Phase.LINE;
    }

    private int skip(int available) {
        int skipped = (int) Math.min(toSkip, available);
        skipNext(toSkip - skipped);
        return skipped;
    }

    private void dropInput() {
        if (block != null) {
            block.release();
            block = null;
        }
    }

    /** Whether the rest of a small value is waited for, and the line then parsed, and judged, as a whole. */
    private boolean awaitsSmallValue(Request request) {
        return request.valueLength() >= 0
                && request.valueBytes() <= UPLOAD_FROM_BYTES
                && to - request.end() < request.valueBytes();
    }

    private void startWithValue(RequestExchange exchange, InputBlock input) {
        Request request = exchange.request();
        int valueBytes = request.valueBytes();
        int here = to - request.end();
        if (valueBytes > UPLOAD_FROM_BYTES && !memory.admitsValue(valueBytes)) {
            clients.counters().increment(Counter.OUT_OF_MEMORY);
            refuse(exchange, input, Replies.OUT_OF_MEMORY);
            return;
        }
        RequestError tooLarge = here < valueBytes && !taker.routes(request)
                ? clients.worker().store().refuseTooLarge(request)
                : null;
        if (tooLarge != null) {
            refuse(exchange, input, tooLarge.reply());
            return;
        }
        exchange.begin(input);
        from = request.end();
        if (here < valueBytes) {
            beginUpload(exchange, input, here);
        } else {
            from += valueBytes;
            startIfWhole(exchange, input.view(), from);
        }
    }

    /** Starts a request whose value has arrived and ends before an index. */
    private void startIfWhole(RequestExchange exchange, ByteBuf buffer, int end) {
        if (buffer.getByte(end - 2) == '\r' && buffer.getByte(end - 1) == '\n') {
            taker.start(exchange);
        } else {
            clients.counters().increment(Counter.REQUEST_ERRORS);
            taker.refuse(exchange, Replies.BAD_DATA_CHUNK);
        }
    }

    private void beginUpload(RequestExchange exchange, InputBlock input, int here) {
        int valueBytes = exchange.request().valueBytes();
        clients.sawLarge(valueBytes);
        phase = Phase.VALUE;
        upload = new ValueUpload(exchange, clients.worker().allocator(), valueBytes);
        upload.addCopy(input.view(), from, here);
        dropInput();
        memory.update();
    }

    private int continueUpload(ByteBuf data, int index, int length) {
        int taken = upload.add(data, index, length);
        if (upload.isComplete()) {
            finishUpload();
        } else {
            memory.update();
            if (!memory.admitsValue(0) && isUploading()) {
                refuseUpload();
            }
        }
        return taken;
    }

    private void finishUpload() {
        RequestExchange exchange = upload.exchange();
        ByteBuf value = upload.finish();
        endUpload();
        exchange.setValue(value);
        startIfWhole(exchange, value, value.writerIndex());
    }

    /** Forgets the value on its way. Returns its exchange, which is not in the queue. */
    private RequestExchange dropUpload() {
        RequestExchange dropped = upload.exchange();
        upload.discard();
        endUpload();
        return dropped;
    }

    @SuppressWarnings("NullAway") // not used in another phase
    private void endUpload() {
        upload = null;
        phase = Phase.LINE;
        memory.update();
    }
}
