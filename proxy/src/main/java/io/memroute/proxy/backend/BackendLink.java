package io.memroute.proxy.backend;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.backend.connect.TlsFault;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a {@link BackendConnection}, from the attempt to connect through the handshake to its end. Owned by the
 * worker's thread.
 *
 * <p>A link that has been dropped tells its owner nothing any more, so that late events of a socket given up are not
 * taken for those of the next one.
 */
final class BackendLink extends ChannelInboundHandlerAdapter implements ReplyReads.Taker {

    /** The first request on a connection, and each mark. */
    static final byte[] VERSION = Replies.line("version");

    /** The longest answer to a request of the handshake that is waited for. */
    private static final int LONGEST_LINE = 1024;

    private enum Phase {
        CONNECTING,
        /** Connected; the answer to the login is due. */
        LOGIN,
        /** Connected and let in; the answer to the version request is due. */
        HANDSHAKE,
        READY,
        DROPPED
    }

    /** The connection that the socket is for. */
    interface Owner {
        void connected();

        /** The handshake has been written, or has left. */
        void handshakeSent();

        /** @param version the answer to the handshake */
        void ready(Reply version);

        /** Takes replies as {@link ReplyReads.Taker#take} does. */
        int take(ByteBuf data, int begin, int end, boolean lasting);

        /** Bytes have arrived behind the answer to the handshake. */
        void received(int bytes);

        /** Bytes have arrived while a large reply was arriving. */
        void streamed(int bytes);

        /**
         * @param cause the error of the system, if there is one
         * @param unread the first bytes received that no reply could be made of
         */
        void failed(BackendFailure failure, @Nullable Throwable cause, byte[] unread);
    }

    private final Owner owner;
    private final ReplyMatcher matcher;
    private final BackendSpec spec;
    private final ReplyReads reads;
    private Phase phase = Phase.CONNECTING;

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    private @Nullable Channel channel;
    /** Whether nothing stands between this and the server any more: TLS has been agreed on, or there is none. */
    private boolean secured;

    /** @param scratch memory for taking small replies apart */
    BackendLink(Owner owner, ReplyMatcher matcher, BackendSpec spec, ByteBuf scratch) {
        this.owner = owner;
        this.matcher = matcher;
        this.spec = spec;
        this.secured = !spec.tls().enabled();
        this.reads = new ReplyReads(this, scratch);
    }

    ChannelHandlerContext context() {
        return context;
    }

    /** The failure of a link that does not get what it waits for. */
    BackendFailure lateness() {
        if (!shaking()) {
            return BackendFailure.TIMEOUT;
        }
        if (!secured) {
            return BackendFailure.TLS_TIMEOUT;
        }
        return phase == Phase.LOGIN ? BackendFailure.LOGIN_TIMEOUT : BackendFailure.READ_VALIDATE;
    }

    /** The first bytes received that no reply could be made of. */
    byte[] unread() {
        return shown(reads.unread());
    }

    private byte[] shown(byte[] head) {
        return phase == Phase.LOGIN ? FirstAnswers.firstLine(head) : head;
    }

    /** Whether it is connected and serves no requests yet. */
    private boolean shaking() {
        return phase == Phase.LOGIN || phase == Phase.HANDSHAKE;
    }

    /** Closes the socket; the owner is told nothing any more. */
    void drop() {
        phase = Phase.DROPPED;
        reads.drop();
        // A channel that got no socket belongs to no event loop and cannot be closed.
        if (channel != null && channel.isOpen()) {
            channel.close();
        }
    }

    // ---- connecting ----

    /** Waits for a connection of which this is the handler. */
    void await(ChannelFuture connecting, EventLoop loop) {
        channel = connecting.channel();
        connecting.addListener(result -> {
            // A channel that got no socket has another thread tell of it.
            if (loop.inEventLoop()) {
                connected(result.cause());
            } else {
                loop.execute(() -> connected(result.cause()));
            }
        });
    }

    /** @param cause the reason for which there is no connection; missing if there is one */
    private void connected(@Nullable Throwable cause) {
        if (phase == Phase.DROPPED) {
            return;
        }
        if (cause != null) {
            fail(
                    cause instanceof ConnectTimeoutException
                            ? BackendFailure.CONNECT_TIMEOUT
                            : BackendFailure.CONNECTING,
                    cause);
            return;
        }
        owner.connected();
        if (spec.login().isPresent()) {
            ask(Phase.LOGIN, spec.login().get().request());
        } else {
            ask(Phase.HANDSHAKE, VERSION);
        }
    }

    /** Sends a request of the handshake, whose answer the next phase is for. */
    private void ask(Phase next, byte[] request) {
        phase = next;
        owner.handshakeSent();
        context.writeAndFlush(context.alloc().directBuffer(request.length).writeBytes(request))
                .addListener(sent -> {
                    // At a start the loop has much to do between the two; the server has its time from here on.
                    if (phase == next && sent.isSuccess()) {
                        owner.handshakeSent();
                    }
                });
    }

    /** Takes the answer to a request of the handshake. Returns the index of the first byte not taken. */
    private int takeAnswer(ByteBuf data, int begin, int end) {
        Reply answer = new Reply();
        int outcome = ReplyParser.parse(data, begin, end, answer);
        if (outcome == ReplyParser.INCOMPLETE && end - begin < LONGEST_LINE) {
            return begin;
        }
        boolean complete = outcome == ReplyParser.COMPLETE;
        boolean login = phase == Phase.LOGIN;
        BackendFailure failure =
                login ? FirstAnswers.login(complete, answer) : FirstAnswers.version(complete, data, answer);
        if (failure != null) {
            owner.failed(failure, null, shown(ReplyReads.head(data, begin, end)));
            return end;
        }
        if (login) {
            ask(Phase.HANDSHAKE, VERSION);
        } else {
            phase = Phase.READY;
            owner.ready(answer);
        }
        return answer.end();
    }

    private void fail(BackendFailure failure, @Nullable Throwable cause) {
        owner.failed(failure, cause, unread());
    }

    // ---- reading ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (phase == Phase.DROPPED) {
            data.release();
            return;
        }
        if (phase == Phase.READY) {
            owner.received(data.readableBytes());
        }
        boolean streamed = matcher.streaming();
        try {
            reads.add(data);
        } finally {
            if (streamed && phase != Phase.DROPPED) {
                owner.streamed(data.readableBytes());
            }
            data.release();
        }
    }

    @Override
    public int take(ByteBuf data, int begin, int end, boolean lasting) {
        int at = begin;
        if (phase == Phase.LOGIN) {
            at = takeAnswer(data, begin, end);
        }
        if (phase == Phase.HANDSHAKE && at < end) {
            at = takeAnswer(data, at, end);
        }
        if (phase == Phase.READY && at < end) {
            at = owner.take(data, at, end, lasting);
        }
        return at;
    }

    @Override
    public boolean expectsLarge() {
        return matcher.expectsLarge();
    }

    // ---- the end ----

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (phase != Phase.DROPPED && event instanceof SslHandshakeCompletionEvent handshake) {
            secured = handshake.isSuccess();
            if (!secured) {
                fail(BackendFailure.TLS_HANDSHAKE, TlsFault.of(handshake.cause()));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        if (shaking() || phase == Phase.READY) {
            fail(BackendFailure.DISCONNECTED, null);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        if (!shaking() && phase != Phase.READY) {
            return;
        }
        if (cause.getCause() instanceof SSLException tls) {
            fail(shaking() ? BackendFailure.TLS_HANDSHAKE : BackendFailure.READING, TlsFault.of(tls));
        } else if (cause instanceof IOException) {
            fail(BackendFailure.READING, cause);
        } else {
            fail(BackendFailure.PARSING, null);
            throw new IllegalStateException("backend " + spec.label() + ": reply handling failed", cause);
        }
    }
}
