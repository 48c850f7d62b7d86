package io.memroute.proxy.client;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.log.Watcher;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: has its requests read and answered, and writes the replies in the order of the requests. Owned by the
 * worker's thread.
 *
 * <p>Requests are started as they are parsed, whatever became of those before them, up to a limit; then nothing more is
 * read until half of them have been answered. The same holds while the client does not take its replies.
 *
 * @see "proxy-api.md section 4"
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements FlushQueue.Flushable {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /**
     * The transport may be about to tell what the first sees; on a machine that is far behind, so may it what the
     * second sees.
     */
    private static final int DEAD_LOOKS = 3;

    private static final byte[] REQUEST_TOO_SLOW = Replies.line("CLIENT_ERROR request took too long to arrive");

    /**
     * When the server ends, what was sent before may take so long to arrive: a round trip in a data centre, a busy
     * machine.
     */
    private static final long ARRIVAL_MILLIS = 50;

    /**
     * Turns of the loop without anything to read, after which nothing more lies in the socket: transports differ by one
     * or two.
     */
    private static final int QUIET_TURNS = 3;

    /** For so long a client that has got everything may take to close its side when the server ends. */
    private static final long LINGER_MILLIS = 200;

    private final WorkerClients clients;
    private final WorkerCounters counters;
    /** The listener's tag, or null if its connections are always served by the embedded store. */
    private final String tag;

    private final ExchangeQueue queue = new ExchangeQueue();
    /** Made when there is a first request, by what is known then. */
    private RequestWindow window;

    private final RequestReader reader;
    private final OutputBuffer output;
    private final ClientMemory memory;
    private ChannelHandlerContext context;

    private boolean queuedForFlush;
    private boolean paused;
    /** Nothing more is looked at: after quit, or after a line too long. */
    private boolean inputEnded;
    /** The client has said that it sends no more; what it has sent is still answered. */
    private boolean inputShut;

    private boolean closed;
    /** The server is about to end: the connection ends as soon as nothing is owed to the client. */
    private boolean draining;
    /** While draining, turns of the loop in which nothing was owed and nothing came, and what had arrived then. */
    private int quietTurns;

    private long arrivedWhenQuiet;
    /** The client has got everything, and been told so. */
    private boolean outputEnded;
    /** For what the proxy ended it; null if for nothing. */
    private String endedFor;
    /** In the list of the worker's sweep. */
    private int place;
    /** How many looks in a row found the connection ended, of which the transport had said nothing. */
    private int looksDead;

    private final ArrivalTimes times;
    /** Who owns the connection since the client watches; null before. */
    private Watcher watcher;

    private RouteTable routerTable;
    private Router router;
    /** Null until a request needs it. */
    private KeyOrder order;

    ClientConnection(WorkerClients clients, String tag) {
        this.clients = clients;
        this.counters = clients.counters();
        this.tag = tag;
        this.reader = new RequestReader(clients, this);
        this.memory = new ClientMemory(this, reader, clients.worker().memory());
        this.output = new OutputBuffer(clients.worker().arrays());
        this.times = new ArrivalTimes(clients.sweep().second());
    }

    // ---- what exchanges need ----

    boolean isHead(Exchange exchange) {
        return queue.isHead(exchange);
    }

    /** Whether anybody is left to read replies. */
    boolean wantsOutput() {
        return !closed;
    }

    /** The socket's file descriptor; 0 if the transport does not tell. */
    int descriptor() {
        return ConnectionLine.descriptor(context.channel());
    }

    OutputBuffer output() {
        return output;
    }

    /** The output, which will be written at the end of this loop iteration. */
    OutputBuffer outputToFlush() {
        touch();
        return output;
    }

    ClientMemory memory() {
        return memory;
    }

    /** Bytes given to the channel that have not left. */
    long unsentBytes() {
        ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    /** Bytes of replies that have not left. */
    long queuedBytes() {
        return output.size() + unsentBytes();
    }

    /**
     * Appends a part of a reply to the output, and does not keep a whole receive buffer alive for a client that lags
     * behind.
     */
    void appendReply(ByteBuf source, int index, int length) {
        if (length < OutputBuffer.SLICE_FROM_BYTES || unsentBytes() == 0) {
            output.appendOrSlice(source, index, length);
        } else {
            output.appendLasting(source, index, length);
        }
    }

    /** Closes at once: the client does not read, and memory is needed for others. */
    void closeForMemory() {
        counters.increment(Counter.CLOSED_FOR_MEMORY);
        abort();
    }

    /** Closes at once: what has been written can't be completed. */
    void abort() {
        if (closed) {
            return;
        }
        closed = true;
        output.discard();
        context.close();
    }

    /** An exchange has its whole reply, of that length. */
    void answered(Exchange exchange, long replyBytes) {
        window.replied(replyBytes);
        if (exchange.listed()) {
            order.finished(exchange);
            if (order.holdsBack()) {
                touch();
            }
        }
        if (!queue.isHead(exchange)) {
            return;
        }
        do {
            queue.remove().recycle();
            if (!queue.isEmpty()) {
                queue.head().becomeHead();
            }
        } while (!queue.isEmpty() && queue.head().done());
        if (paused || inputEnded || inputShut || draining || !output.isEmpty()) {
            touch();
        }
    }

    private void touch() {
        if (!queuedForFlush) {
            queuedForFlush = true;
            clients.worker().flushQueue().addClient(this);
        }
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf data = (ByteBuf) message;
        try {
            counters.add(Counter.BYTES_READ, data.readableBytes());
            if (wantsRequests()) {
                int bytes = data.readableBytes();
                long unfinished = reader.unfinishedBytes();
                reader.receive(data);
                times.read(clients.sweep().second(), bytes, unfinished, reader.unfinishedBytes());
            }
            if (draining) {
                touch();
            }
        } finally {
            data.release();
        }
    }

    // ---- what the reader needs ----

    /** Whether requests are still taken at all. */
    boolean wantsRequests() {
        return !inputEnded && !closed && watcher == null;
    }

    /** Takes no more requests; closes when those there are have been answered. */
    void takeNoMoreRequests() {
        inputEnded = true;
        touch();
    }

    /** Whether requests go to routes; if not, the embedded store answers them. */
    boolean routesRequests() {
        return router() != null;
    }

    /** Whether routes want to see a malformed request; see {@link Router#judgesFlagTexts()}. */
    boolean takesMalformed(Request request) {
        Router router = router();
        return router != null && router.judgesFlagTexts() && request.onlyFlagTextWrong();
    }

    /** Whether no more requests can be taken for the time being. */
    boolean saturated() {
        if (window == null) {
            window = clients.newWindow();
        }
        return queue.size() >= window.requests() || !context.channel().isWritable() || memory.enough();
    }

    /** Whether nothing is read until requests have been answered or replies been read. */
    boolean isPaused() {
        return paused;
    }

    /** Stops reading until requests have been answered or replies been read. */
    void pause() {
        if (!paused) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
    }

    /** There may be room again for a client that waits for it. */
    void resumeIfRoom() {
        if (paused && !closed) {
            touch();
        }
    }

    private void resumeIfDrained() {
        if (queue.size() <= window.requests() / 2
                && context.channel().isWritable()
                && !memory.enough()
                && context.channel().isOpen()) {
            paused = false;
            reader.process();
            if (!paused) {
                times.restart(clients.sweep().second());
                context.channel().config().setAutoRead(true);
            }
        }
    }

    // ---- answering ----

    private Router router() {
        RouteTable inForce = clients.routes();
        if (inForce == null || tag == null) {
            return null;
        }
        if (inForce != routerTable) {
            if (!queue.isEmpty()) {
                order().listEarlier(queue);
            }
            routerTable = inForce;
            router = inForce.router(tag);
        }
        return router;
    }

    /** Begins to answer a request, behind those before it. */
    void start(Exchange exchange) {
        queue.add(exchange);
        Command command = exchange.request().command();
        Router found = router();
        if (!command.isStorage() && (found == null || found.administrative(command) == null)) {
            administer(exchange, found);
        } else if (command == Command.MN) {
            exchange.reply(Replies.MN);
        } else if (found == null) {
            embedded(exchange);
        } else if (clients.activeLimit() > 0 && counters.get(Counter.ACTIVE_REQUESTS) >= clients.activeLimit()) {
            counters.increment(Counter.ACTIVE_LIMIT_REFUSALS);
            exchange.reply(Replies.ACTIVE_REQUEST_LIMIT);
        } else {
            counters.increment(Counter.REQUESTS);
            if (command.isStorage()) {
                counters.command(command);
            }
            exchange.enter(routerTable);
            Route route = command.isStorage() ? found.route(exchange.request()) : found.administrative(command);
            if (command.isStorage() && (order != null && !order.isEmpty() || !route.keepsOrder())) {
                order().start(exchange, route);
            } else {
                route.start(exchange);
            }
        }
    }

    private KeyOrder order() {
        if (order == null) {
            order = new KeyOrder();
        }
        return order;
    }

    /** Answers a request with a line of the proxy's own, behind those before it. */
    void answer(Exchange exchange, byte[] line) {
        queue.add(exchange);
        exchange.reply(line);
    }

    /** Answers a request whose value the embedded store would refuse, so that it need not be received first. */
    boolean refusesTooLarge(Exchange exchange) {
        if (routesRequests()) {
            return false;
        }
        ByteBuf answer = clients.worker().allocator().heapBuffer();
        try {
            boolean refused = clients.worker().store().refuseTooLarge(exchange.request(), answer);
            if (refused) {
                queue.add(exchange);
                exchange.reply(answer);
            }
            return refused;
        } finally {
            answer.release();
        }
    }

    private void embedded(Exchange exchange) {
        Request request = exchange.request();
        ByteBuf answer = clients.worker().allocator().heapBuffer();
        try {
            ByteBuf value = exchange.value();
            boolean quiet = value == null
                    ? clients.worker().store().execute(request, request.buffer(), request.end(), answer)
                    : clients.worker().store().execute(request, value, value.readerIndex(), answer);
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
            takeNoMoreRequests();
            exchange.replySilently();
            return;
        }
        if (request.command() == Command.WATCH) {
            watch(exchange);
            return;
        }
        if (request.command() == Command.FLUSH_ALL && found != null) {
            FlushAll.start(exchange, found, routerTable);
            return;
        }
        ByteBuf answer = clients.worker().allocator().heapBuffer();
        try {
            if (clients.context().admin().execute(request, found == null, answer) == AdminCommands.Outcome.CLOSE) {
                takeNoMoreRequests();
            }
            exchange.reply(answer);
        } finally {
            answer.release();
        }
    }

    private void watch(Exchange exchange) {
        boolean first = queue.size() == 1 && output.isEmpty();
        watcher = clients.context().watch().begin(exchange.request(), context.channel(), first, exchange::reply);
        if (watcher != null) {
            // Nothing that the client sends from here on is looked at.
            reader.close();
            exchange.replySilently();
        }
    }

    // ---- being looked after ----

    /** Its place in the sweep's list. */
    int place() {
        return place;
    }

    void setPlace(int index) {
        place = index;
    }

    /**
     * Closes the connection if it is idle, if a request takes too long to arrive, or if it has ended and the transport
     * has not said so for some passes.
     *
     * @param ended whether the system says that it is over
     * @param saidLast whether the system says that the client sends no more
     * @return whether it was found dead
     */
    boolean lookAfter(int second, boolean ended, boolean saidLast) {
        if (!context.channel().isOpen()) {
            // The rest of the closing waits for its turn; the descriptor may be another's by now.
            return false;
        }
        boolean unnoticed = ended || saidLast && !inputShut && !inputEnded && !paused && watcher == null;
        looksDead = unnoticed ? looksDead + 1 : 0;
        if (looksDead == DEAD_LOOKS) {
            counters.increment(Counter.DEAD_CLIENTS);
            abort();
            return true;
        }
        if (endedFor != null) {
            // Told in the last pass, and it does not take the message.
            abort();
        } else if (!queue.isEmpty() || paused || inputEnded || watcher != null || sending()) {
            times.busy(second);
        } else {
            judge(second);
        }
        return false;
    }

    private void judge(int second) {
        switch (times.judge(second, clients.context().times(), reader.unfinishedBytes() > 0)) {
            case STAYS -> {}
            case IDLE -> {
                if (ConnectionLine.isTcp(context.channel())) {
                    LOG.debug(
                            "closing the connection of client {}: idle",
                            context.channel().remoteAddress());
                    counters.increment(Counter.IDLE_KICKS);
                    endedFor = "idle_timeout";
                    context.close();
                }
            }
            case TOO_SLOW -> {
                LOG.debug(
                        "closing the connection of client {}: a request does not end",
                        context.channel().remoteAddress());
                counters.increment(Counter.REQUEST_TIMEOUTS);
                endedFor = "request_timeout";
                reader.close();
                output.append(REQUEST_TOO_SLOW);
                takeNoMoreRequests();
            }
        }
    }

    private boolean sending() {
        ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
        return !output.isEmpty() || unsent != null && !unsent.isEmpty();
    }

    // ---- writing ----

    @Override
    public void flushOutput() {
        queuedForFlush = false;
        if (order != null && order.holdsBack()) {
            order.release();
        }
        if (closed) {
            output.discard();
            return;
        }
        if (!output.isEmpty()) {
            long bytes = output.size();
            long excess = output.excessBytes();
            counters.add(Counter.BYTES_WRITTEN, bytes);
            output.writeTo(context);
            context.flush();
            memory.wrote(bytes, excess);
        }
        if (paused) {
            resumeIfDrained();
        }
        if (draining) {
            endIfQuiet();
        } else if ((inputEnded || inputShut && !paused) && queue.isEmpty() && output.isEmpty() && !closed) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    // ---- ending with the server ----

    /** Answers what the client has sent so far, and ends the connection then. */
    void drain() {
        if (watcher != null) {
            context.close();
            return;
        }
        context.executor()
                .schedule(
                        () -> {
                            draining = true;
                            touch();
                        },
                        ARRIVAL_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Ends the output if nothing is owed to the client, and nothing more has arrived in some turns of the loop: what
     * the client had sent before is read by then. The client may have sent more since, so the socket is not closed yet:
     * that would reset the connection, and with it replies that are still on their way.
     */
    private void endIfQuiet() {
        if (outputEnded) {
            if (inputShut) {
                context.close();
            }
        } else if (queue.isEmpty() && (inputEnded || !paused && reader.unfinishedBytes() == 0)) {
            quietTurns = arrivedWhenQuiet == reader.arrivedBytes() ? quietTurns + 1 : 0;
            arrivedWhenQuiet = reader.arrivedBytes();
            if (quietTurns > QUIET_TURNS) {
                endOutput();
            } else {
                context.executor().execute(this::touch);
            }
        }
    }

    private void endOutput() {
        outputEnded = true;
        inputEnded = true;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (!inputShut && context.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
                context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                context.close();
            }
        });
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
        clients.sweep().add(this);
        ConnectionLine.opened(clients.context().watch().streams(), context.channel());
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
        ConnectionLine.closed(
                clients.context().watch().streams(),
                context.channel(),
                endedFor != null ? endedFor : closed ? "error" : "normal");
        closed = true;
        clients.sweep().remove(this);
        counters.decrement(Counter.CURRENT_CONNECTIONS);
        reader.close();
        output.discard();
        memory.update();
        if (watcher != null) {
            clients.context().watch().end(watcher);
        }
        for (int i = 0; i < queue.size(); i++) {
            queue.get(i).discardHeld();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        // epoll tells of a socket that has gone by the latter.
        if (!(cause instanceof IOException || cause instanceof UncheckedIOException)) {
            LOG.error("closing the connection of client {}", context.channel().remoteAddress(), cause);
        }
        abort();
    }
}
