package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.text.Shown;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks the admin listener of a running proxy. */
public final class AdminClient {

    /** Longer than a listener takes to refuse a question that waits too long for its answer. */
    private static final long ANSWER_SECONDS = 60;

    /** Bounds an answer: a drawing of a very large configuration. */
    private static final int MAX_ANSWER_BYTES = 100_000_000;

    private AdminClient() {}

    /**
     * Asks one of the {@link CommandPages} and waits for the answer, up to {@value #ANSWER_SECONDS} seconds.
     *
     * @param words as a shell has them after {@code memroute}, without file names
     * @throws IOException if nobody, or somebody else, answers
     */
    public static AdminReply ask(AdminTarget target, List<String> words) throws IOException {
        return ask(target, words, Duration.ofSeconds(ANSWER_SECONDS));
    }

    static AdminReply ask(AdminTarget target, List<String> words, Duration limit) throws IOException {
        QueryStringEncoder uri = new QueryStringEncoder(CommandPages.PATH + words.getFirst());
        words.subList(1, words.size()).forEach(word -> uri.addParam(CommandPages.WORD, word));
        return get(target, uri.toString(), limit);
    }

    /**
     * Gets a page and waits for it.
     *
     * @param uri its path, and a query if it takes one
     * @throws IOException if nobody, or somebody else, answers
     */
    public static AdminReply get(AdminTarget target, String uri, Duration limit) throws IOException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("memroute-ask", true), NioIoHandler.newFactory());
        CompletableFuture<AdminReply> reply = new CompletableFuture<>();
        try {
            FullHttpRequest question = question(uri);
            String authorization = target.authorization();
            if (authorization != null) {
                question.headers().set(HttpHeaderNames.AUTHORIZATION, authorization);
            }
            SslHandler tls = target.tls(ByteBufAllocator.DEFAULT);
            connect(loop, target.address(), tls, limit, question, reply);
            return reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException reason ? reason : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    private static FullHttpRequest question(String uri) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
        request.headers().set(HttpHeaderNames.HOST, "localhost").set(HttpHeaderNames.CONNECTION, "close");
        return request;
    }

    private static void connect(
            EventLoopGroup loop,
            SocketAddress address,
            @Nullable SslHandler tls,
            Duration limit,
            FullHttpRequest question,
            CompletableFuture<AdminReply> reply) {
        new Bootstrap()
                .group(loop)
                .channel(
                        address instanceof UnixDomainSocketAddress
                                ? NioDomainSocketChannel.class
                                : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls);
                        }
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(MAX_ANSWER_BYTES),
                                        new ReplyReader(reply));
                    }
                })
                .connect(address)
                .addListener((io.netty.channel.ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        connected.channel().writeAndFlush(question);
                    } else {
                        reply.completeExceptionally(connected.cause());
                    }
                });
    }

    /** Makes a reply of what the listener answers. */
    private static final class ReplyReader extends SimpleChannelInboundHandler<FullHttpResponse> {

        private final CompletableFuture<AdminReply> reply;

        private ReplyReader(CompletableFuture<AdminReply> reply) {
            this.reply = reply;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            if (response.decoderResult().isFailure()
                    || !AdminListener.SERVER.equals(response.headers().get(HttpHeaderNames.SERVER))) {
                reply.completeExceptionally(new IOException("not an admin listener: it answered \""
                        + Shown.text(response.protocolVersion() + " " + response.status()) + "\""));
                return;
            }
            int status = response.headers().getInt(CommandPages.EXIT_STATUS, ExitStatus.FAILURE);
            reply.complete(new AdminReply(
                    status,
                    response.status().equals(HttpResponseStatus.OK),
                    response.content().toString(UTF_8)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            reply.completeExceptionally(new EOFException("the connection was closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            reply.completeExceptionally(
                    cause instanceof DecoderException && cause.getCause() instanceof SSLException tls ? tls : cause);
            context.close();
        }
    }
}
