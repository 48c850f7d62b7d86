package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.text.Shown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to an admin listener: takes one request, sends one answer, and ends. On the listener's event loop;
 * answers are worked out elsewhere.
 *
 * <p>A connection is not kept for a second request, so one that is silent is one that is slow, and nothing waits behind
 * another's answer.
 */
final class AdminConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** Of a request: a command line with a few addresses, percent-encoded. */
    static final int MAX_LINE_BYTES = 16 << 10;

    /** Of all headers together: what browsers send with some cookies. */
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

    /** Works out answers. */
    interface Answering {
        /** Waits for the answer; on a thread that may wait. */
        AdminResponse answer(AdminRequest request) throws InterruptedException;
    }

    private final ConnectionRoom room;
    private final RequestCheck check;
    private final Answering answering;
    private final AdminLimits limits;
    private Future<?> deadline;
    private boolean asked;
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

    private void closeAfter(Duration time, ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = context.executor().schedule(() -> context.close(), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!asked && message instanceof HttpRequest request) {
                asked = true;
                room.owesAnswer(context.channel());
                // What follows, a body or a further request, is of no interest; nor is the end of input yet.
                context.channel().config().setAutoRead(false);
                context.pipeline().remove(HttpRequestDecoder.class);
                deadline.cancel(false);
                take(context, request);
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
        boolean head = request.method().equals(HttpMethod.HEAD);
        Optional<AdminResponse> refusal = check.refusal(request);
        if (refusal.isPresent()) {
            send(context, refusal.get(), head, false);
            return;
        }
        AdminRequest question;
        try {
            QueryStringDecoder uri = new QueryStringDecoder(request.uri(), UTF_8, true, MAX_PARAMETERS);
            question = new AdminRequest(
                    uri.path(), uri.parameters(), request.headers().get(HttpHeaderNames.ACCEPT, ""));
        } catch (IllegalArgumentException e) {
            send(context, AdminResponse.text(HttpResponseStatus.BAD_REQUEST, e.getMessage() + "\n"), head, false);
            return;
        }
        boolean gzip = Gzip.isAccepted(request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, ""));
        Thread.ofVirtual().name("memroute-admin").start(() -> {
            try {
                AdminResponse response = answering.answer(question);
                boolean compress = gzip && response.body().length >= COMPRESSED_FROM_BYTES;
                AdminResponse sent = compress ? Gzip.compress(response) : response;
                context.executor().execute(() -> send(context, sent, head, true));
            } catch (InterruptedException | RejectedExecutionException e) {
                // The listener has been closed meanwhile.
                context.close();
            }
        });
    }

    /** @param varies whether the answer depends on what the client accepts */
    private void send(ChannelHandlerContext context, AdminResponse response, boolean head, boolean varies) {
        closeAfter(limits.take(), context);
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
        message.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, response.body().length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.SERVER, AdminListener.SERVER)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                // What is shown comes from configurations and servers: it is text, whatever it looks like.
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        if (varies) {
            message.headers().set(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
        }
        response.headers().forEach(message.headers()::set);
        ChannelFuture written = context.writeAndFlush(message);
        written.addListener(result -> {
            if (result.isSuccess()) {
                ((DuplexChannel) context.channel()).shutdownOutput();
                context.channel().config().setAutoRead(true);
                room.waitsForClient(context.channel());
            } else {
                context.close();
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("an admin connection ended: {}", Shown.text(cause.toString()));
        context.close();
    }
}
