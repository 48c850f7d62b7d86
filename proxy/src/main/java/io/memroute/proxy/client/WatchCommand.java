package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.log.Watcher;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code watch}: makes a watcher of a client's connection. Shared by all workers.
 *
 * @see "docs/reference/proxy-api.md section 7.5"
 */
public final class WatchCommand {

    private static final byte[] NOT_ALLOWED = Replies.line("CLIENT_ERROR watch commands not allowed");
    private static final byte[] PIPELINED = Replies.line("ERROR cannot pipeline other commands before watch");
    private static final byte[] TOO_MANY = Replies.line("WATCHER_TOO_MANY log watcher limit reached");

    private final LogStreams streams;
    private final boolean allowed;
    private final long bufferBytes;

    /** @param bufferBytes of lines that wait for one client */
    public WatchCommand(LogStreams streams, boolean allowed, long bufferBytes) {
        this.streams = streams;
        this.allowed = allowed;
        this.bufferBytes = bufferBytes;
    }

    /**
     * Makes a watcher of the connection, which belongs to the watcher from then on.
     *
     * @param first whether nothing of the connection is waiting to be answered or sent
     * @param refuse is told the reply, if it may not
     * @return the watcher, if it may watch
     */
    @Nullable
    Watcher begin(Request request, Channel channel, boolean first, Consumer<byte[]> refuse) {
        byte[] refusal = !allowed ? NOT_ALLOWED : !first ? PIPELINED : null;
        EnumSet<LogStream> wanted = EnumSet.noneOf(LogStream.class);
        for (int i = 1; i < request.tokenCount() && refusal == null; i++) {
            Optional<LogStream> named = LogStream.named(request.buffer()
                    .toString(request.tokenIndex(i), request.tokenLength(i), StandardCharsets.ISO_8859_1));
            named.ifPresent(wanted::add);
            refusal = named.isPresent() ? null : Replies.ERROR;
        }
        if (refusal == null) {
            if (wanted.isEmpty()) {
                wanted.add(LogStream.FETCHERS);
            }
            Watcher watcher = new Watcher(channel, wanted, Replies.OK, bufferBytes);
            if (streams.add(watcher)) {
                return watcher;
            }
            refusal = TOO_MANY;
        }
        refuse.accept(refusal);
        return null;
    }

    LogStreams streams() {
        return streams;
    }

    /** Notes that the watcher's connection has ended. */
    void end(Watcher watcher) {
        streams.remove(watcher);
    }
}
