package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.RequestHolder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends {@code flush_all} to every backend that a connection's routes can reach, if the configuration allows it.
 * Answers when all backends have answered: with {@code FixedReply.OK}, or with the first error.
 */
final class FlushAllRoute implements Route {

    private final List<Backend> backends;
    private final boolean allowed;

    FlushAllRoute(List<Backend> backends, boolean allowed) {
        this.backends = backends;
        this.allowed = allowed;
    }

    @Override
    public void start(Call call) {
        if (!allowed) {
            call.replied(FixedReply.FLUSH_ALL_NOT_ALLOWED);
            return;
        }
        String delay = delay(call.request());
        if (delay == null) {
            call.replied(FixedReply.BAD_EXPTIME);
            return;
        }
        if (backends.isEmpty()) {
            call.replied(FixedReply.OK);
            return;
        }
        byte[] line = ("flush_all" + delay + "\r\n").getBytes(StandardCharsets.US_ASCII);
        Flush flush = new Flush(call, backends.size());
        for (Backend backend : backends) {
            backend.sendLine(flush, line);
        }
    }

    /** The delay with a space before it; empty if there is none; no text at all if it is no number. */
    private static @Nullable String delay(Request request) {
        int tokens = request.tokenCount() - (request.noreply() ? 1 : 0);
        if (tokens < 2) {
            return "";
        }
        String text =
                request.buffer().toString(request.tokenIndex(1), request.tokenLength(1), StandardCharsets.ISO_8859_1);
        try {
            return " " + Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** One {@code flush_all} on its way to all backends. */
    private static final class Flush extends Call {

        private final Call asker;
        private int waitingFor;
        private byte @Nullable [] firstError;

        Flush(Call asker, int backends) {
            this.asker = asker;
            this.waitingFor = backends;
        }

        @Override
        public RequestHolder holder() {
            return asker.holder();
        }

        @Override
        public void replied(Reply reply) {
            if (reply.type() != ReplyType.OK && firstError == null) {
                firstError = new byte[reply.end() - reply.start()];
                reply.buffer().getBytes(reply.start(), firstError);
            }
            if (--waitingFor == 0) {
                asker.replied(firstError == null ? FixedReply.OK : FixedReply.of(firstError));
            }
        }
    }
}
