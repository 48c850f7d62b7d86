package io.memroute.bench.route;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Backends that are no sockets: they keep what they are sent until told to answer everything, gets with a value of 100
 * bytes.
 */
final class InstantBackends implements BackendSource {

    private static final int MOST_OUTSTANDING = 64;

    private final Reply value = reply("VALUE user:123456:profile 0 100\r\n" + "v".repeat(100) + "\r\n");
    private final Reply stored = reply(new String(Replies.STORED, StandardCharsets.US_ASCII));
    private final Call[] outstanding = new Call[MOST_OUTSTANDING];
    private int count;

    private static Reply reply(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        Reply reply = new Reply();
        ReplyParser.parse(bytes, 0, bytes.writerIndex(), reply);
        return reply;
    }

    /** Answers what has been sent, in that order, and what that leads to. */
    @SuppressWarnings("NullAway") // empty places hold null
    void answerAll() {
        for (int i = 0; i < count; i++) {
            Call call = outstanding[i];
            outstanding[i] = null;
            call.replied(call.request().command() == Command.GET ? value : stored);
        }
        count = 0;
    }

    @Override
    public Lease lease(boolean mergeGets) {
        return new Lease() {
            @Override
            public Pool pool(PoolSpec spec, KeyDistributor distributor) {
                return new Pool(
                        spec.name(),
                        distributor,
                        spec.backends().stream().map(Instant::new).toArray(Backend[]::new));
            }

            @Override
            public void release() {}
        };
    }

    private final class Instant implements Backend {
        private final BackendSpec spec;

        Instant(BackendSpec spec) {
            this.spec = spec;
        }

        @Override
        public BackendSpec spec() {
            return spec;
        }

        @Override
        public void send(Call call) {
            outstanding[count++] = call;
        }

        @Override
        public void sendLine(Call call, byte[] line) {
            throw new UnsupportedOperationException("no benchmark sends lines");
        }

        @Override
        public int badConnections() {
            return 0;
        }
    }
}
