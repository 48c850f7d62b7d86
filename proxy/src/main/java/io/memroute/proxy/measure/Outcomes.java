package io.memroute.proxy.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.ReplyKind;
import io.memroute.proxy.stats.RequestCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Counts what becomes of one client's requests that are given to routes. Owned by the worker's thread. */
public final class Outcomes {

    private static final ByteBuf[] ERROR_WORDS = {
        Unpooled.wrappedBuffer("ERROR".getBytes(US_ASCII)),
        Unpooled.wrappedBuffer("CLIENT_ERROR".getBytes(US_ASCII)),
        Unpooled.wrappedBuffer("SERVER_ERROR".getBytes(US_ASCII))
    };

    private final RequestCounters requests;
    private final ClientCounters group;

    /**
     * Counts for a worker and for a listener.
     *
     * @param group the clients of the same listener
     */
    public Outcomes(RequestCounters requests, ClientCounters group) {
        this.requests = requests;
        this.group = group;
    }

    /** Counts a reply of that type. */
    public void ended(Command command, ReplyType type) {
        ended(command, ReplyKind.of(command, type));
    }

    /** Counts bytes that a Lua function has answered with. */
    public void ended(Command command, ByteBuf bytes) {
        ended(command, beginsWithError(bytes) ? ReplyKind.ERROR : ReplyKind.OK);
    }

    private static boolean beginsWithError(ByteBuf bytes) {
        for (ByteBuf word : ERROR_WORDS) {
            int length = word.readableBytes();
            if (bytes.readableBytes() >= length && ByteBufUtil.equals(word, 0, bytes, bytes.readerIndex(), length)) {
                return true;
            }
        }
        return false;
    }

    /** Counts an outcome; commands about the server have none. */
    public void ended(Command command, ReplyKind kind) {
        if (command.isStorage()) {
            requests.ended(command, kind);
            if (kind == ReplyKind.ERROR) {
                group.increment(ClientCounters.Count.ERRORS);
            }
        }
    }
}
