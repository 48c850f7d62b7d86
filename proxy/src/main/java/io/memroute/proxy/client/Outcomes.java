package io.memroute.proxy.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.ReplyKind;
import io.memroute.proxy.stats.RequestCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Counts what becomes of one client's requests that are given to routes. Owned by the worker's thread. */
final class Outcomes {

    private static final ByteBuf[] ERROR_WORDS = {
        Unpooled.wrappedBuffer("ERROR".getBytes(US_ASCII)),
        Unpooled.wrappedBuffer("CLIENT_ERROR".getBytes(US_ASCII)),
        Unpooled.wrappedBuffer("SERVER_ERROR".getBytes(US_ASCII))
    };

    private final RequestCounters requests;
    private final ClientCounters group;

    /** @param group the clients of the same listener */
    Outcomes(RequestCounters requests, ClientCounters group) {
        this.requests = requests;
        this.group = group;
    }

    /** Counts a reply of that type. */
    void ended(Exchange exchange, ReplyType type) {
        ended(exchange, ReplyKind.of(exchange.request().command(), type));
    }

    /** Counts bytes that a Lua function has answered with. */
    void ended(Exchange exchange, ByteBuf bytes) {
        ended(exchange, beginsWithError(bytes) ? ReplyKind.ERROR : ReplyKind.OK);
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

    /** Counts an outcome. */
    void ended(Exchange exchange, ReplyKind kind) {
        Request request = exchange.request();
        if (exchange.isRouted() && request.command().isStorage()) {
            count(request.command(), kind);
        }
    }

    /** Counts a request that no route was asked for, because too many were under way. */
    void refused(Command command) {
        if (command.isStorage()) {
            count(command, ReplyKind.ERROR);
        }
    }

    private void count(Command command, ReplyKind kind) {
        requests.ended(command, kind);
        if (kind == ReplyKind.ERROR) {
            group.increment(ClientCounters.Count.ERRORS);
        }
    }
}
