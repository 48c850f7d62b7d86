package io.memroute.proxy.client;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.wire.InputArena;
import io.memroute.proxy.wire.InputBlock;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: reads its requests, has them answered, and writes the replies in the order of the requests. Owned by the
 * worker's thread.
 *
 * <p>Requests are started as they are parsed, whatever became of those before them, up to a limit; then nothing more
 * is read until half of them have been answered. The same holds while the client does not take its replies.
 *
 * @see "proxy-api.md section 4"
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements FlushQueue.Flushable {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** A value that has not wholly arrived and is longer than this is gathered apart instead of behind its line. */
    private static final int UPLOAD_FROM_BYTES = 16 << 10;

    private final ClientWorker worker;
    private final WorkerCounters counters;
    /** The listener's tag, or null if its connections are always served by the embedded store. */
    private final String tag;

    private final ExchangeQueue queue = new ExchangeQueue();
    private final OutputBuffer output;
    private ChannelHandlerContext context;

    /** What has been received and not parsed yet; null if nothing. */
    private InputBlock block;
    private int from;
    /** Bytes behind {@link #from} that are known to hold no line end. */
    private int searched;
    private int to;
    /** Bytes of a refused value still to be skipped. */
    private long swallow;
    /** A large value on its way, with the request it belongs to. */
    private CompositeByteBuf upload;
    private Exchange uploading;
    private int uploadLeft;
    /** A multi-key get of which not all keys have been started, and where its next key is. */
    private Exchange multiget;
    private int multigetKey;

    private boolean queuedForFlush;
    private boolean paused;
    /** Nothing more is looked at: after quit, or after a line too long. */
    private boolean inputEnded;
    /** The client has said that it sends no more; what it has sent is still answered. */
    private boolean inputShut;
    private boolean closed;

    private RouteTable routerTable;
    private Router router;

    ClientConnection(ClientWorker worker, String tag) {
        this.worker = worker;
        this.counters = worker.counters();
        this.tag = tag;
        this.output = new OutputBuffer(worker.arrays());
    }

    // ---- what exchanges need ----

    boolean isHead(Exchange exchange) {
        return queue.isHead(exchange);
    }

    /** Whether anybody is left to read replies. */
    boolean wantsOutput() {
        return !closed;
    }

    OutputBuffer output() {
        return output;
    }

    /** The output, which will be written at the end of this loop iteration. */
    OutputBuffer outputToFlush() {
        touch();
        return output;
    }

    /** Closes at once: what has been written can't be completed. */
    void abort() {
        closed = true;
        output.discard();
        context.close();
    }

    /** An exchange has its whole reply. */
    void answered(Exchange exchange) {
        if (!queue.isHead(exchange)) {
            return;
        }
        do {
            Exchange head = queue.remove();
            boolean closes = head.closesAfter();
            head.recycle();
            if (closes) {
                inputEnded = true;
                touch();
            }
            if (!queue.isEmpty()) {
                queue.head().becomeHead();
            }
        } while (!queue.isEmpty() && queue.head().done());
        if (paused || inputEnded || inputShut || !output.isEmpty()) {
            touch();
        }
    }

    private void touch() {
        if (!queuedForFlush) {
            queuedForFlush = true;
            worker.flushQueue().addClient(this);
        }
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf data = (ByteBuf) message;
        try {
            counters.add(Counter.BYTES_READ, data.readableBytes());
            if (!inputEnded && !closed) {
                receive(data);
            }
        } finally {
            data.release();
        }
    }

    private void receive(ByteBuf data) {
        int index = data.readerIndex();
        int end = data.writerIndex();
        if (block == null && swallow > 0) {
            int skipped = (int) Math.min(swallow, end - index);
            swallow -= skipped;
            index += skipped;
        }
        if (upload != null) {
            int taken = Math.min(uploadLeft, end - index);
            upload.addComponent(true, data.retainedSlice(index, taken));
            index += taken;
            uploadLeft -= taken;
            if (uploadLeft == 0) {
                finishUpload();
            }
        }
        if (index == end) {
            return;
        }
        InputArena.Place place = worker.arena().join(block, from, to, data, index, end - index);
        InputBlock joined = place.block().retain();
        if (block != null) {
            block.release();
        }
        block = joined;
        from = place.from();
        to = place.to();
        process();
    }

    /** Starts as many of the received requests as limits allow. */
    private void process() {
        while (block != null && !closed) {
            if (saturated()) {
                pause();
                return;
            }
            if (multiget != null) {
                startKeys();
            } else if (inputEnded || from == to) {
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

    /** Parses and starts one request. Returns false if it has not wholly arrived. */
    private boolean startNext() {
        Exchange exchange = worker.take();
        Request request = exchange.request();
        int outcome = worker.parser().parse(block.view(), from, to, from + searched, request);
        searched = outcome == RequestParser.INCOMPLETE ? to - from : 0;
        if (outcome == RequestParser.INCOMPLETE) {
            worker.give(exchange);
            return false;
        }
        if (outcome != RequestParser.COMPLETE) {
            refuse(exchange, outcome);
            return true;
        }
        if (request.valueLength() >= 0) {
            return startWithValue(exchange);
        }
        exchange.begin(this, block);
        from = request.end();
        if (request.multiKey() && router() != null) {
            multiget = exchange;
            multigetKey = request.keyIndex();
        } else {
            dispatch(exchange);
        }
        return true;
    }

    private boolean startWithValue(Exchange exchange) {
        Request request = exchange.request();
        int valueBytes = request.valueLength() + 2;
        int here = to - request.end();
        if (here < valueBytes && valueBytes <= UPLOAD_FROM_BYTES) {
            worker.give(exchange);
            return false;
        }
        exchange.begin(this, block);
        from = request.end();
        if (worker.bufferLimitBytes() > 0 && counters.get(Counter.BUFFER_MEMORY) > worker.bufferLimitBytes()) {
            counters.increment(Counter.OUT_OF_MEMORY);
            swallow = valueBytes;
            answer(exchange, Replies.OUT_OF_MEMORY);
        } else if (here < valueBytes) {
            beginUpload(exchange, here, valueBytes);
        } else {
            from += valueBytes;
            if (endsLine(block.view(), from)) {
                dispatch(exchange);
            } else {
                counters.increment(Counter.REQUEST_ERRORS);
                answer(exchange, Replies.BAD_DATA_CHUNK);
            }
        }
        return true;
    }

    private static boolean endsLine(ByteBuf buffer, int end) {
        return buffer.getByte(end - 2) == '\r' && buffer.getByte(end - 1) == '\n';
    }

    private void beginUpload(Exchange exchange, int here, int valueBytes) {
        uploading = exchange;
        uploadLeft = valueBytes - here;
        upload = worker.allocator().compositeDirectBuffer(Integer.MAX_VALUE);
        if (here > 0) {
            ByteBuf first = worker.allocator().directBuffer(here, here);
            upload.addComponent(true, first.writeBytes(block.view(), from, here));
        }
        from = to;
        dropInput();
    }

    private void finishUpload() {
        Exchange exchange = uploading;
        CompositeByteBuf value = upload;
        uploading = null;
        upload = null;
        if (endsLine(value, value.writerIndex())) {
            exchange.setValue(value);
            dispatch(exchange);
        } else {
            value.release();
            counters.increment(Counter.REQUEST_ERRORS);
            answer(exchange, Replies.BAD_DATA_CHUNK);
        }
    }

    /** Answers a malformed request and skips what belongs to it. */
    private void refuse(Exchange exchange, int outcome) {
        Request request = exchange.request();
        exchange.begin(this, block);
        from = request.end();
        if (request.valueLength() >= 0) {
            swallow = request.valueLength() + 2L;
        }
        counters.increment(Counter.REQUEST_ERRORS);
        if (outcome == RequestParser.LINE_TOO_LONG) {
            exchange.setClosesAfter();
            from = to;
        }
        answer(exchange, request.error().reply());
    }

    /** Starts keys of a multi-key get, each as a request of its own, as far as limits allow. */
    private void startKeys() {
        Exchange whole = multiget;
        Request line = whole.request();
        while (multigetKey >= 0 && !saturated()) {
            int end = line.keyEnd(multigetKey);
            Exchange exchange = worker.take();
            exchange.begin(this, block);
            exchange.request().setKeyOf(line, multigetKey, end - multigetKey);
            multigetKey = line.nextKey(end);
            if (multigetKey < 0) {
                exchange.setEndsMultiget();
            }
            dispatch(exchange);
        }
        if (multigetKey < 0) {
            multiget = null;
            whole.abandon();
        }
    }

    private boolean saturated() {
        return queue.size() >= worker.limits().requestsInFlight() || !context.channel().isWritable();
    }

    private void pause() {
        if (!paused) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
    }

    private void resumeIfDrained() {
        if (queue.size() <= worker.limits().requestsInFlight() / 2 && context.channel().isWritable()) {
            paused = false;
            process();
            if (!paused) {
                context.channel().config().setAutoRead(true);
            }
        }
    }

    private void dropInput() {
        if (block != null) {
            block.release();
            block = null;
        }
    }

    // ---- answering ----

    private Router router() {
        RouteTable inForce = worker.routes();
        if (inForce == null || tag == null) {
            return null;
        }
        if (inForce != routerTable) {
            routerTable = inForce;
            router = inForce.router(tag);
        }
        return router;
    }

    private void dispatch(Exchange exchange) {
        queue.add(exchange);
        Command command = exchange.request().command();
        Router found = router();
        if (!command.isStorage()) {
            administer(exchange, found);
        } else if (command == Command.MN) {
            exchange.reply(Replies.MN);
        } else if (found == null) {
            embedded(exchange);
        } else if (worker.activeLimit() > 0 && counters.get(Counter.ACTIVE_REQUESTS) >= worker.activeLimit()) {
            counters.increment(Counter.ACTIVE_LIMIT_REFUSALS);
            exchange.reply(Replies.ACTIVE_REQUEST_LIMIT);
        } else {
            counters.increment(Counter.REQUESTS);
            counters.command(command);
            exchange.enter(routerTable);
            found.route(exchange.request()).start(exchange);
        }
    }

    private void answer(Exchange exchange, byte[] line) {
        queue.add(exchange);
        exchange.reply(line);
    }

    private void embedded(Exchange exchange) {
        Request request = exchange.request();
        ByteBuf answer = worker.allocator().heapBuffer();
        try {
            ByteBuf value = exchange.value();
            boolean quiet = value == null
                    ? worker.store().execute(request, request.buffer(), request.end(), answer)
                    : worker.store().execute(request, value, value.readerIndex(), answer);
            if (quiet) {
                exchange.replySilently();
            } else {
                exchange.reply(answer);
            }
        } finally {
            answer.release();
        }
    }

    private void administer(Exchange exchange, Router found) {
        Request request = exchange.request();
        if (request.command() == Command.QUIT) {
            exchange.setClosesAfter();
            inputEnded = true;
            exchange.replySilently();
            return;
        }
        if (request.command() == Command.FLUSH_ALL && found != null) {
            FlushAll.start(exchange, found, routerTable);
            return;
        }
        ByteBuf answer = worker.allocator().heapBuffer();
        try {
            if (worker.admin().execute(request, found == null, answer) == AdminCommands.Outcome.CLOSE) {
                exchange.setClosesAfter();
                inputEnded = true;
            }
            exchange.reply(answer);
        } finally {
            answer.release();
        }
    }

    // ---- writing ----

    @Override
    public void flushOutput() {
        queuedForFlush = false;
        if (closed) {
            output.discard();
            return;
        }
        if (!output.isEmpty()) {
            counters.add(Counter.BYTES_WRITTEN, output.size());
            output.writeTo(context);
            context.flush();
        }
        if (paused) {
            resumeIfDrained();
        }
        if ((inputEnded || inputShut && !paused) && queue.isEmpty() && output.isEmpty() && !closed) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    // ---- the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        counters.increment(Counter.CURRENT_CONNECTIONS);
        counters.increment(Counter.TOTAL_CONNECTIONS);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        if (!context.channel().isWritable()) {
            pause();
        } else if (paused) {
            touch();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete) {
            // The client has sent everything and may still be reading.
            inputShut = true;
            touch();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        closed = true;
        counters.decrement(Counter.CURRENT_CONNECTIONS);
        dropInput();
        output.discard();
        if (upload != null) {
            upload.release();
            upload = null;
            uploading.abandon();
            uploading = null;
        }
        if (multiget != null) {
            multiget.abandon();
            multiget = null;
        }
        for (int i = 0; i < queue.size(); i++) {
            queue.get(i).discardHeld();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("closing the connection of client {}", context.channel().remoteAddress(), cause);
        }
        abort();
    }
}
