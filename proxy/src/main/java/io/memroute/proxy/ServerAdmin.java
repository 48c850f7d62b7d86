package io.memroute.proxy;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.proxy.client.AdminCommands;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The commands about the server itself, answered as memcached answers them. Used by all workers.
 *
 * @see "docs/reference/proxy-api.md section 4.4"
 */
final class ServerAdmin implements AdminCommands {

    private static final byte[] VERSION = Replies.line("VERSION " + MemrouteVersion.MEMCACHED);
    private static final byte[] SHUTDOWN_REFUSED = Replies.line("SERVER_ERROR: shutdown not enabled");
    private static final byte[] SHUTDOWN_MODE = Replies.line("CLIENT_ERROR invalid shutdown mode");

    private final ProxyServer server;
    private final ServerStats stats;

    ServerAdmin(ProxyServer server) {
        this.server = server;
        this.stats = new ServerStats(server);
    }

    @Override
    public Outcome execute(Request request, boolean embedded, ByteBuf reply) {
        switch (request.command()) {
            case VERSION -> reply.writeBytes(VERSION);
            case VERBOSITY -> verbosity(request, reply);
            case STATS -> stats.write(argument(request, 1), arguments(request, 2), reply);
            case SHUTDOWN -> {
                return shutdown(request, reply);
            }
            case FLUSH_ALL -> flushAll(request, reply);
            default -> reply.writeBytes(Replies.ERROR);
        }
        return Outcome.KEEP;
    }

    @Override
    public CompletableFuture<byte[]> refreshCertificates() {
        return server.trust().refreshCertificates();
    }

    /** The token's text, empty if there is none. */
    private static String argument(Request request, int token) {
        return token >= request.tokenCount()
                ? ""
                : request.buffer()
                        .toString(request.tokenIndex(token), request.tokenLength(token), StandardCharsets.ISO_8859_1);
    }

    /** The texts of the tokens from this one on. */
    private static List<String> arguments(Request request, int first) {
        List<String> arguments = new ArrayList<>();
        for (int token = first; token < request.tokenCount(); token++) {
            arguments.add(argument(request, token));
        }
        return arguments;
    }

    private void flushAll(Request request, ByteBuf reply) {
        if (server.options().allowFlushAll()) {
            server.store().execute(request, request.buffer(), request.end(), reply);
        } else {
            reply.writeBytes(Replies.FLUSH_ALL_NOT_ALLOWED);
        }
    }

    private static void verbosity(Request request, ByteBuf reply) {
        boolean number = argument(request, 1).matches("[0-9]{1,10}");
        reply.writeBytes(number ? Replies.OK : RequestError.BAD_LINE.reply());
    }

    private Outcome shutdown(Request request, ByteBuf reply) {
        if (!server.options().allowShutdown()) {
            reply.writeBytes(SHUTDOWN_REFUSED);
            return Outcome.KEEP;
        }
        String mode = argument(request, 1);
        if (!mode.isEmpty() && !mode.equals("graceful")) {
            reply.writeBytes(SHUTDOWN_MODE);
            return Outcome.KEEP;
        }
        // Closing waits for the worker this runs on, so it needs a thread of its own.
        Thread.ofPlatform().name("memroute-shutdown").start(server::shutDown);
        return Outcome.CLOSE;
    }
}
