package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.proxy.client.accept.ClientTaker;
import io.memroute.proxy.client.accept.Entrance;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.proxy.fairness.Tenant;
import io.memroute.proxy.fairness.Turns;
import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.log.Watcher;
import io.memroute.proxy.measure.Outcomes;
import io.memroute.proxy.measure.ReplyTimes;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.ClientCounters.Count;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.trust.Identity;
import io.memroute.proxy.wire.FlushQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: has its requests read and answered, and writes the replies in the order of the requests. Owned by the
 * worker's thread.
 *
 * <p>Requests are started as they are parsed, whether or not those before them are answered. This is where reading
 * ({@link RequestReader}), answering ({@link RequestDispatch}, {@link Exchange}), writing ({@link ClientOutput}) and
 * the events of the channel meet.
 *
 * <p>Longer than 300 lines: the channel's events and the state that decides when to read, write and close belong
 * together, and each of its methods is short.
 *
 * @see "docs/reference/proxy-api.md section 4"
 */
final class ClientConnection extends ChannelInboundHandlerAdapter
        implements RequestTaker, FlushQueue.Flushable, Turns.Waiter {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private static final byte[] REQUEST_TOO_SLOW = Replies.line("CLIENT_ERROR request took too long to arrive");

    /** The time for what another thread still computes of a handshake whose last bytes have come. */
    private static final long LAST_OF_HANDSHAKE_MILLIS = 500;

    private final WorkerClients clients;
    private final WorkerCounters counters;
    private final ClientCounters group;
    private final ExchangeQueue queue = new ExchangeQueue();
    private final Admission admission;
    private final RequestDispatch dispatch;
    private final RequestReader reader;
    private final ClientMemory memory;
    private final ClientOutput output;
    private final Outcomes outcomes;
    private final ReplyTimes times;
    private final ReadPause pause;
    private final ClientCheck check;

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    @SuppressWarnings("NullAway.Init")
    private ClientDrain drain;
    /** The way of the connection to another process, if it is to go there. */
    private @Nullable ClientPassage passage;

    /** The owner of the connection, once the client watches. */
    private @Nullable Watcher watcher;

    /**
     * The time at which the last bytes were received, or the first of those that wait for room: requests that are
     * started later had arrived then.
     */
    private long receivedNanos;

    private Identity identity;
    private Tenant tenant;

    /** The part of a request of this client that another process has read and not started. */
    private byte[] unstarted = {};

    private boolean queuedForFlush;
    /** Nothing more that arrives is read: after quit, or after a line too long. */
    private boolean inputEnded;
    /** The client has said that it sends no more; what it has sent is still answered. */
    private boolean inputShut;

    private boolean closed;
    /** The client has gone, and servers have not answered all that it has asked. */
    private boolean departed;

    ClientConnection(WorkerClients clients, Entrance entrance) {
        this.clients = clients;
        this.counters = clients.counters();
        this.group = clients.group(entrance.tag());
        this.identity = Identity.tagged(entrance.tagOrEmpty());
        this.tenant = clients.connect(identity);
        this.outcomes = clients.outcomes(entrance.tag());
        this.times = new ReplyTimes(clients.worker().requests());
        this.admission = new Admission(clients, queue);
        this.dispatch = new RequestDispatch(clients, this, queue, entrance.tag());
        this.memory = new ClientMemory(this, clients.worker().memory());
        this.reader = new RequestReader(clients, this, memory);
        this.output = new ClientOutput(counters, group, clients.worker().arrays());
        this.pause = new ReadPause(clients, queue, memory, this);
        this.check = new ClientCheck(this, clients);
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf data = (ByteBuf) message;
        try {
            int bytes = data.readableBytes();
            counters.add(Counter.BYTES_READ, bytes);
            group.add(Count.RECEIVED_BYTES, bytes);
            if (wantsRequests()) {
                if (!pause.isOn() || !reader.holdsInput()) {
                    receivedNanos = clients.worker().passNanos();
                }
                long unfinished = reader.unfinishedBytes();
                reader.receive(data);
                pause.received(reader.heldBytes());
                check.read(bytes, unfinished, reader.unfinishedBytes());
            }
            if (drain.isUnderWay() || passage != null) {
                touch();
            }
        } finally {
            data.release();
        }
    }

    private boolean wantsRequests() {
        return !inputEnded && !closed && watcher == null;
    }

    @Override
    public boolean takesMore() {
        return wantsRequests() && pause.admitsRequest(tenant);
    }

    @Override
    public boolean routes(Request request) {
        return dispatch.routes(request);
    }

    @Override
    public byte @Nullable [] refusal(Request request) {
        byte[] refusal = admission.refusal(request, identity);
        if (admission.isExcess()) {
            takeNoMoreRequests();
            return admission.tooManyConnections();
        }
        return refusal;
    }

    @Override
    public void start(Exchange exchange) {
        enqueue(exchange);
        if (exchange instanceof RequestExchange whole && whole.request().valueLength() >= 0) {
            whole.countValue();
        }
        dispatch.start(exchange);
    }

    @Override
    public void refuse(Exchange exchange, byte[] line) {
        enqueue(exchange);
        group.increment(Count.ERRORS);
        RequestError error = exchange.request().error();
        if (error != null && error.closesConnection()) {
            takeNoMoreRequests();
        }
        exchange.reply(line);
    }

    private void enqueue(Exchange exchange) {
        group.increment(Count.REQUESTS);
        exchange.queued(this, receivedNanos);
        queue.add(exchange);
        tenant.began();
        admission.changeInFlight(1);
    }

    /** Takes no more requests; closes when those there are have been answered. */
    void takeNoMoreRequests() {
        inputEnded = true;
        touch();
    }

    /** Makes a watcher of the client. */
    void watch(Exchange exchange) {
        boolean first = queue.size() == 1 && output.isEmpty();
        watcher = clients.context().watch().begin(exchange.request(), context.channel(), first, exchange::reply);
        if (watcher != null) {
            // Nothing that the client sends from here on is read.
            reader.close();
            exchange.end();
        }
    }

    /** Whether no request is started for a while, or a password is being checked. */
    boolean isPaused() {
        ClientLogin login = context.pipeline().get(ClientLogin.class);
        return pause.isOn() || login != null && login.isChecking();
    }

    /** Whether another process can go on reading where this one stops. */
    boolean canStopReading() {
        ClientLogin login = context.pipeline().get(ClientLogin.class);
        return login == null ? reader.canStop() : login.awaitsLine();
    }

    @Override
    public void takeTurn() {
        pause.turnCame();
        if (closed) {
            return;
        }
        // Whatever comes of the turn, the client is looked at again at the end of the pass.
        touch();
        try {
            resume();
        } catch (RuntimeException e) {
            exceptionCaught(context, e);
        }
    }

    private void resume() {
        if (pause.endIfRoom(reader)) {
            check.resumed();
        }
    }

    /** Has a client that waits for room looked at again. */
    void resumeIfRoom() {
        if (pause.isOn() && !closed) {
            touch();
        }
    }

    // ---- replies ----

    /** Whether the exchange is the next to be answered. */
    boolean isHead(ExchangeReply exchange) {
        return queue.isHead(exchange);
    }

    /** Whether anybody is left to read replies. */
    boolean wantsOutput() {
        return !closed;
    }

    /** Counts what becomes of its requests. */
    Outcomes outcomes() {
        return outcomes;
    }

    ClientOutput output() {
        return output;
    }

    /** The output, which will be written at the end of this loop pass. */
    ClientOutput outputToFlush() {
        touch();
        return output;
    }

    /** Notes that an exchange has its whole reply, of that length. */
    void answered(Exchange exchange, long replyBytes) {
        pause.replied(replyBytes);
        admission.replied(replyBytes);
        if (dispatch.answered(exchange)) {
            touch();
        }
        if (!queue.isHead(exchange)) {
            return;
        }
        do {
            Exchange first = queue.remove();
            tenant.ended();
            admission.changeInFlight(-1);
            if (first.isMeasured()) {
                times.answered(first.request().command(), first.arrivedNanos());
            }
            first.leaveQueue();
            if (!queue.isEmpty()) {
                queue.head().becomeHead();
            }
        } while (!queue.isEmpty() && queue.head().done());
        if (departed && queue.isEmpty()) {
            departed = false;
            clients.requestLimit().addDeparted(-1);
        }
        if (pause.isOn() || inputEnded || inputShut || drain.isUnderWay() || passage != null || !output.isEmpty()) {
            touch();
        }
    }

    /** Has {@link #flushOutput} called at the end of this loop pass. */
    void touch() {
        if (!queuedForFlush) {
            queuedForFlush = true;
            clients.worker().flushQueue().addClient(this);
        }
    }

    @Override
    public void flushOutput() {
        queuedForFlush = false;
        dispatch.release();
        outcomes.publish();
        if (closed) {
            output.discard();
            return;
        }
        output.flush(memory);
        if (!times.isEmpty()) {
            times.written(clients.worker().nanoTime());
        }
        resume();
        if (passage != null && !inputEnded && !inputShut) {
            passage.giveIfSettled(queue.isEmpty() && !pause.isOn(), output.isSending());
        } else if (drain.isUnderWay()) {
            boolean owesNothing = queue.isEmpty() && (inputEnded || !pause.isOn() && reader.unfinishedBytes() == 0);
            drain.endIfQuiet(owesNothing, reader.arrivedBytes());
        } else if ((inputEnded || inputShut && !pause.isOn()) && queue.isEmpty() && output.isEmpty() && !closed) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    // ---- its state, for those that look after it ----

    Channel channel() {
        return context.channel();
    }

    boolean isOpen() {
        return context.channel().isOpen();
    }

    /** Notes that the client has logged in. */
    void loggedIn(String user) {
        identify(identity.withUser(user));
    }

    private void identify(Identity proved) {
        identity = proved;
        Tenant before = tenant;
        tenant = clients.connect(proved);
        tenant.takeOver(before, queue.size());
        before.disconnect();
    }

    /** The share that the client's requests count in. */
    Tenant tenant() {
        return tenant;
    }

    /** Goes on with a client whom another process has served so far. Call it before the channel is active. */
    void goOnWith(MovingClient moved) {
        if (!moved.user().isEmpty()) {
            loggedIn(moved.user());
        }
        unstarted = moved.received();
    }

    /** The client, for another process; only if it {@link #canStopReading()}. */
    MovingClient moving(int itsDescriptor) {
        return new MovingClient(
                itsDescriptor,
                identity.user(),
                Optional.ofNullable(
                        context.channel().attr(ConnectionLine.CLIENT).get()),
                reader.unstarted());
    }

    /** The identity of the client, as far as it has proved it. */
    Identity identity() {
        return identity;
    }

    /** The socket's file descriptor; 0 if the transport does not tell. */
    int descriptor() {
        return ConnectionLine.descriptor(context.channel());
    }

    ClientMemory memory() {
        return memory;
    }

    RequestReader reader() {
        return reader;
    }

    /** Bytes given to the channel that have not left. */
    long unsentBytes() {
        return output.unsentBytes();
    }

    /** Bytes of replies that have not left. */
    long queuedBytes() {
        return output.queuedBytes();
    }

    /** Whether the client has said that it sends no more. */
    boolean inputShut() {
        return inputShut;
    }

    /** Whether more may come of a client that has not said that it sends no more. */
    boolean awaitsInput() {
        return !inputShut && !inputEnded && !isPaused() && watcher == null;
    }

    /** Whether the client is being answered, or cannot be expected to ask. */
    boolean isBusy() {
        return output.isSending() || !queue.isEmpty() || pause.isOn() || inputEnded || watcher != null;
    }

    /** Lets go of routes that are no longer in force, unless requests are under way. */
    void forgetOldRoutes() {
        dispatch.forgetOldRoutes();
    }

    boolean hasUnfinishedRequest() {
        return reader.unfinishedBytes() > 0;
    }

    // ---- the end ----

    /** Answers what the client has sent so far, and ends the connection then. */
    void drain() {
        if (watcher != null) {
            context.close();
        } else {
            drain.begin();
        }
    }

    /** Gives the connection to another process as soon as nothing is owed to the client. */
    void pass(ClientTaker taker) {
        if (watcher != null) {
            context.close();
            return;
        }
        passage = new ClientPassage(this, context, taker);
        touch();
    }

    /** Reads nothing more that the client sends. */
    void endInput() {
        inputEnded = true;
    }

    /** Tells the client that its unfinished request takes too long, and closes. */
    void endUnfinishedRequest() {
        reader.close();
        output.collected().append(REQUEST_TOO_SLOW);
        takeNoMoreRequests();
    }

    /** Closes at once: the client does not read, and memory is needed for others. */
    void closeForMemory() {
        counters.increment(Counter.CLOSED_FOR_MEMORY);
        abort();
    }

    /** Closes at once: what has been written can't be completed. */
    void abort() {
        if (!closed) {
            closed = true;
            output.discard();
            // At the socket: TLS would first wait for a client that may not read.
            context.pipeline().firstContext().close();
        }
    }

    // ---- the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        drain = new ClientDrain(this, added);
        output.open(added);
        pause.open(added.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        counters.increment(Counter.CURRENT_CONNECTIONS);
        counters.increment(Counter.TOTAL_CONNECTIONS);
        group.increment(Count.CONNECTIONS);
        group.increment(Count.ACCEPTED);
        clients.sweep().add(check);
        ConnectionLine.opened(clients.context().watch().streams(), context.channel());
        if (unstarted.length > 0) {
            // By way of a login, should this server ask for one.
            context.pipeline().fireChannelRead(Unpooled.wrappedBuffer(unstarted));
            unstarted = new byte[0];
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        if (!context.channel().isWritable()) {
            pause.begin();
        } else if (pause.isOn()) {
            touch();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        switch (event) {
            case ChannelInputShutdownEvent end -> shutInput();
            case ChannelInputShutdownReadComplete end -> shutInput();
            case SslCloseCompletionEvent end -> shutInput();
            case SslHandshakeCompletionEvent end -> handshakeEnded(end);
            default -> {}
        }
    }

    /** Notes that the client has sent everything; it may still be reading. */
    private void shutInput() {
        inputShut = true;
        if (isShakingHands()) {
            // Nothing can be written and the end of the writing be awaited before the handshake is over.
            context.executor().schedule(this::endHandshake, LAST_OF_HANDSHAKE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            touch();
        }
    }

    private boolean isShakingHands() {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        return tls != null && !tls.handshakeFuture().isDone();
    }

    private void endHandshake() {
        if (isShakingHands()) {
            context.close();
        }
    }

    private void handshakeEnded(SslHandshakeCompletionEvent end) {
        ClientTls tls = clients.context().tls().orElseThrow();
        if (!end.isSuccess()) {
            tls.handshakeFailed();
            tlsFailed(end.cause());
            return;
        }
        SSLSession session = context.pipeline().get(SslHandler.class).engine().getSession();
        X509Certificate shown = ClientTls.verifiedCertificate(session);
        if (shown != null) {
            identify(identity.withCertificate(shown));
        }
        tls.shaken(session);
        if (inputShut) {
            touch();
        }
    }

    private void tlsFailed(Throwable cause) {
        String reason = ClientTls.reason(cause);
        LOG.debug("client {}: TLS failed: {}", ConnectionLine.client(context.channel()), reason);
        ConnectionLine.tlsFailed(clients.context().watch().streams(), context.channel(), reason);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        String reason = check.endedFor() != null ? check.endedFor() : closed ? "error" : "normal";
        ConnectionLine.closed(clients.context().watch().streams(), context.channel(), reason);
        closed = true;
        clients.sweep().remove(check);
        tenant.disconnect();
        admission.close();
        counters.decrement(Counter.CURRENT_CONNECTIONS);
        group.add(Count.CONNECTIONS, -1);
        reader.close();
        output.discard();
        memory.update();
        if (watcher != null) {
            clients.context().watch().end(watcher);
        }
        for (int i = 0; i < queue.size(); i++) {
            queue.get(i).discard();
        }
        if (!queue.isEmpty()) {
            departed = true;
            clients.requestLimit().addDeparted(1);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        // epoll tells of a socket that has gone by the latter.
        if (cause.getCause() instanceof SSLException fault) {
            // Of a handshake the event has told.
            if (context.pipeline().get(SslHandler.class).handshakeFuture().isSuccess()) {
                clients.context().tls().orElseThrow().protocolFailed();
                tlsFailed(fault);
            }
        } else if (!(cause instanceof IOException || cause instanceof UncheckedIOException)) {
            LOG.error("closing the connection of client {}", ConnectionLine.client(context.channel()), cause);
        }
        abort();
    }
}
