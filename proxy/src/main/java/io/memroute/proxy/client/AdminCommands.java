package io.memroute.proxy.client;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/**
 * Answers the commands that are about the server rather than about a key: {@code version}, {@code stats},
 * {@code verbosity}, {@code shutdown}. Called on any worker's thread; must not block.
 */
public interface AdminCommands {

    /** The fate of the connection afterwards. */
    enum Outcome {
        KEEP,
        /** The connection is closed once every reply has been written. */
        CLOSE
    }

    /**
     * Answers a command that no route takes.
     *
     * @param request a well-formed request whose command is not a storage command
     * @param embedded whether the connection is served by the embedded store rather than by routes
     * @param reply takes the whole reply
     */
    Outcome execute(Request request, boolean embedded, ByteBuf reply);

    /** Answers {@code refresh_certs}, which takes a while; completed on any thread. */
    CompletableFuture<byte[]> refreshCertificates();
}
