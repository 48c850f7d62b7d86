package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.text.Shown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to an admin listener: takes one request, sends one answer, and ends. On the listener's event loop;
 * answers are worked out elsewhere. An answer may go on as an {@link EventStream}.
 *
 * <p>A connection is not kept for a second request, so one that is silent is one that is slow, and nothing waits behind
 * another's answer.
 */
final class AdminConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** Bounds the line of a request: a command line with a few addresses, percent-encoded. */
    static final int MAX_LINE_BYTES = 16 << 10;

    /** Bounds all headers together: what browsers send with some cookies. */
    static final int MAX_HEADER_BYTES = 16 << 10;

    /** Parameters of a query: a command line has some dozens of words. */
    private static final int MAX_PARAMETERS = 256;

    /** Read after the request, so that a reset does not take the answer away from a client that sends on. */
    private static final int MAX_IGNORED_BYTES = 1 << 20;

    /** Below, it costs the reader more than it saves. */
    private static final int COMPRESSED_FROM_BYTES = 1024;

    private static final HttpDecoderConfig DECODING = new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(true));

    /** Works out answers; all but {@link #page} wait for them, on a thread that may wait. */
    interface Answering {
        AdminPages.Page page(String path);

        /** Why nothing is answered to a client that shows this authorization; empty if it is. */
        Optional<AdminResponse> refusal(String path, String authorization, SocketAddress from)
                throws InterruptedException;

        AdminResponse answer(AdminPages.Page page, AdminRequest request) throws InterruptedException;

        /** Has events sent. Returns why they are not, with another status than 200. */
        AdminResponse send(AdminResponse.Events events, AdminRequest request, EventStream stream)
                throws InterruptedException;
    }

    private final ConnectionRoom room;
    private final RequestCheck check;
    private final Answering answering;
    private final AdminLimits limits;

    private @Nullable Future<?> deadline;

    private boolean asked;
    /** Between the request and the whole answer, or the head of events. */
    private boolean owesAnswer;
    /** The client has ended its side; it may still be reading. */
    private boolean inputEnded;
    /** Takes what is being posted. */
    private @Nullable PostedBody body;

    private int ignoredBytes;

    private AdminConnection(ConnectionRoom room, RequestCheck check, Answering answering, AdminLimits limits) {
        this.room = room;
        this.check = check;
        this.answering = answering;
        this.limits = limits;
    }

    /** Has a channel serve one client. */
    static void serve(
            Channel channel, ConnectionRoom room, RequestCheck check, Answering answering, AdminLimits limits) {
        room.waitsForClient(channel);
        channel.pipeline()
                .addLast(
                        new HttpRequestDecoder(DECODING),
                        new HttpResponseEncoder(),
                        new AdminConnection(room, check, answering, limits));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        closeAfter(limits.ask(), context);
    }

    private void cancelDeadline() {
        Future<?> pending = deadline;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void closeAfter(Duration time, ChannelHandlerContext context) {
        cancelDeadline();
        deadline = context.executor().schedule(() -> context.close(), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!asked && message instanceof HttpRequest request) {
                asked = true;
                take(context, request);
            } else if (body != null && message instanceof HttpContent content) {
                body.add(content);
            } else if (message instanceof ByteBuf bytes) {
                ignoredBytes += bytes.readableBytes();
                if (ignoredBytes > MAX_IGNORED_BYTES) {
                    context.close();
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(ChannelHandlerContext context, HttpRequest request) {
        AbsoluteTarget.resolve(request);
        boolean head = request.method().equals(HttpMethod.HEAD);
        Optional<String> bodyType = Optional.empty();
        Question question = null;
        Optional<AdminResponse> malformed = Optional.empty();
        try {
            QueryStringDecoder uri = new QueryStringDecoder(request.uri(), UTF_8, true, MAX_PARAMETERS);
            AdminPages.Page page = answering.page(uri.path());
            bodyType = page.bodyType();
            question = new Question(
                    page,
                    new AdminRequest(
                            uri.path(),
                            uri.parameters(),
                            request.headers().get(HttpHeaderNames.ACCEPT, ""),
                            request.headers().get(HttpHeaderNames.IF_NONE_MATCH, ""),
                            new byte[0]),
                    request.headers().get(HttpHeaderNames.AUTHORIZATION, ""),
                    head,
                    Gzip.isAccepted(request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "")));
        } catch (IllegalArgumentException e) {
            malformed = Optional.of(AdminResponse.text(HttpResponseStatus.BAD_REQUEST, e.getMessage() + "\n"));
        }
        Optional<AdminResponse> refused = check.refusal(request, bodyType);
        Optional<AdminResponse> refusal = refused.isPresent() ? refused : malformed;
        if (refusal.isPresent()) {
            readNoMore(context);
            send(context, refusal.get(), head, false);
        } else if (bodyType.isPresent()) {
            if (HttpUtil.is100ContinueExpected(request)) {
                context.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            }
            body = new PostedBody(context, Objects.requireNonNull(question));
        } else {
            readNoMore(context);
            answer(context, Objects.requireNonNull(question));
        }
    }

    /** Ignores what follows: a body, a further request, the end of input. */
    private void readNoMore(ChannelHandlerContext context) {
        owesAnswer = true;
        room.owesAnswer(context.channel());
        context.channel().config().setAutoRead(false);
        context.pipeline().remove(HttpRequestDecoder.class);
        cancelDeadline();
    }

    /**
     * @param authorization the header of that name; empty if there is none
     * @param gzip whether the client accepts compressed answers
     */
    private record Question(
            AdminPages.Page page, AdminRequest request, String authorization, boolean head, boolean gzip) {}

    /** Collects a body whose length has been checked. */
    private final class PostedBody {
        private final ChannelHandlerContext context;
        private final Question question;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private PostedBody(ChannelHandlerContext context, Question question) {
            this.context = context;
            this.question = question;
        }

        private void add(HttpContent content) {
            bytes.writeBytes(ByteBufUtil.getBytes(content.content()));
            if (content instanceof LastHttpContent) {
                body = null;
                readNoMore(context);
                AdminRequest whole = question.request().withBody(bytes.toByteArray());
                answer(
                        context,
                        new Question(
                                question.page(), whole, question.authorization(), question.head(), question.gzip()));
            }
        }
    }

    private void answer(ChannelHandlerContext context, Question question) {
        Thread.ofVirtual().name("memroute-admin").start(() -> {
            try {
                Optional<AdminResponse> refusal = refusal(context, question);
                if (refusal.isPresent()) {
                    context.executor().execute(() -> send(context, refusal.get(), question.head(), false));
                    return;
                }
                AdminResponse response = answering.answer(question.page(), question.request());
                if (response.events().isPresent() && !question.head()) {
                    sendEvents(context, response, question);
                    return;
                }
                boolean compress = question.gzip() && response.body().length >= COMPRESSED_FROM_BYTES;
                AdminResponse sent = compress ? Gzip.compress(response) : response;
                context.executor().execute(() -> send(context, sent, question.head(), true));
            } catch (InterruptedException | RejectedExecutionException e) {
                // The listener has been closed meanwhile.
                context.close();
            }
        });
    }

    private Optional<AdminResponse> refusal(ChannelHandlerContext context, Question question)
            throws InterruptedException {
        Thread waiting = Thread.currentThread();
        // Clients that ask, reset their connections and come again leave no checks behind that wait.
        ChannelFutureListener gone = closed -> waiting.interrupt();
        ChannelFuture end = context.channel().closeFuture().addListener(gone);
        try {
            return answering.refusal(
                    question.request().path(),
                    question.authorization(),
                    context.channel().remoteAddress());
        } finally {
            end.removeListener(gone);
        }
    }

    private void sendEvents(ChannelHandlerContext context, AdminResponse response, Question question)
            throws InterruptedException {
        if (!room.becomesStream(context.channel())) {
            AdminResponse full = AdminResponse.text(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, limits.streams() + " consoles are open already\n");
            context.executor().execute(() -> send(context, full, false, false));
            return;
        }
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        setHeaders(head.headers(), response);
        context.writeAndFlush(head);
        context.channel().config().setWriteBufferWaterMark(EventStream.UNSENT);
        // A client that goes is noticed.
        context.channel().config().setAutoRead(true);
        context.executor().execute(() -> answered(context));
        EventStream stream = new EventStream(context.channel());
        AdminResponse.Events events = response.events().orElseThrow();
        AdminResponse result = answering.send(events, question.request(), stream);
        if (result.status() != HttpResponseStatus.OK.code()) {
            stream.send("error", new String(result.body(), UTF_8));
            stream.end();
        }
    }

    /** @param varies whether the answer depends on what the client accepts */
    private void send(ChannelHandlerContext context, AdminResponse response, boolean head, boolean varies) {
        closeAfter(limits.take(), context);
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
        message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        if (varies) {
            message.headers().set(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
        }
        setHeaders(message.headers(), response);
        ChannelFuture written = context.writeAndFlush(message);
        SslHandler tls = context.pipeline().get(SslHandler.class);
        // The end of what is sent has a mark of its own in TLS.
        ChannelFuture ended = tls == null ? written : tls.closeOutbound();
        ended.addListener(result -> {
            if (result.isSuccess()) {
                ((DuplexChannel) context.channel()).shutdownOutput();
                context.channel().config().setAutoRead(true);
                room.waitsForClient(context.channel());
                answered(context);
            } else {
                context.close();
            }
        });
    }

    private static void setHeaders(HttpHeaders headers, AdminResponse response) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.SERVER, AdminListener.SERVER)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                // What is shown comes from configurations and servers: it is text, whatever it looks like.
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        response.headers().forEach(headers::set);
    }

    private void answered(ChannelHandlerContext context) {
        owesAnswer = false;
        if (inputEnded) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!owesAnswer) {
                context.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("an admin connection ended: {}", Shown.text(cause.toString()));
        context.close();
    }
}
