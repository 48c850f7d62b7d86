package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Router;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code flush_all} sent to every backend that a connection's routes can reach, if the configuration allows it. It is
 * answered when all backends have answered: with {@code OK}, or with the first error.
 */
final class FlushAll extends Call {

    private static final byte[] REFUSED = Replies.line("CLIENT_ERROR flush_all not allowed");

    private final Exchange exchange;
    private int waitingFor;
    private byte[] firstError;

    private FlushAll(Exchange exchange, int backends) {
        this.exchange = exchange;
        this.waitingFor = backends;
    }

    static void start(Exchange exchange, Router router, RouteTable table) {
        if (!table.settings().allowFlushAll()) {
            exchange.reply(REFUSED);
            return;
        }
        String delay = delay(exchange.request());
        if (delay == null) {
            exchange.reply(RequestError.INVALID_EXPTIME.reply());
            return;
        }
        List<Backend> backends = router.reachableBackends();
        if (backends.isEmpty()) {
            exchange.reply(Replies.OK);
            return;
        }
        byte[] line = ("flush_all" + delay + "\r\n").getBytes(StandardCharsets.US_ASCII);
        exchange.enter(table);
        FlushAll call = new FlushAll(exchange, backends.size());
        for (Backend backend : backends) {
            backend.sendLine(call, line);
        }
    }

    /** The delay with a space before it, empty if there is none, null if it is no number. */
    private static String delay(Request request) {
        int tokens = request.tokenCount() - (request.noreply() ? 1 : 0);
        if (tokens < 2) {
            return "";
        }
        ByteBuf buffer = request.buffer();
        String text = buffer.toString(request.tokenIndex(1), request.tokenLength(1), StandardCharsets.ISO_8859_1);
        try {
            return " " + Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public Request request() {
        return exchange.request();
    }

    @Override
    public ByteBuf value() {
        return null;
    }

    @Override
    public RequestHolder holder() {
        return exchange;
    }

    @Override
    public void replied(Reply reply) {
        if (reply.type() != ReplyType.OK && firstError == null) {
            firstError = new byte[reply.end() - reply.start()];
            reply.buffer().getBytes(reply.start(), firstError);
        }
        if (--waitingFor > 0) {
            return;
        }
        exchange.reply(firstError == null ? Replies.OK : firstError);
    }
}
