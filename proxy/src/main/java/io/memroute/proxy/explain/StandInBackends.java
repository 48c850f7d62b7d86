package io.memroute.proxy.explain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The backends of a {@link Simulation}. Those that answer as a memcached are embedded stores, one for each address, so
 * that replies are a memcached's to the byte. Each holds its own number as the value of every key, which tells whose
 * value a reply carries.
 *
 * <p>Replies are delivered in the order of the requests, and not before all requests of the moment have been sent.
 */
final class StandInBackends implements BackendSource {

    private static final long STORE_BYTES = 1 << 20;

    private final StandIn.Cast cast;
    private final EventExecutor timers;
    private final Map<String, Server> servers = new HashMap<>();
    private final Queue<Runnable> replies = new ArrayDeque<>();
    private List<Course.Asked> asked = new ArrayList<>();

    StandInBackends(StandIn.Cast cast, EventExecutor timers) {
        this.cast = cast;
        this.timers = timers;
    }

    static Store smallStore() {
        return Store.builder()
                .maximumBytes(STORE_BYTES)
                .itemSizeLimit(Store.DEFAULT_ITEM_SIZE_LIMIT)
                .build();
    }

    /** Begins to note requests in a list. */
    void record(List<Course.Asked> into) {
        asked = into;
    }

    List<Course.Asked> asked() {
        return asked;
    }

    boolean idle() {
        return replies.isEmpty();
    }

    void deliverAll() {
        for (Runnable reply = replies.poll(); reply != null; reply = replies.poll()) {
            reply.run();
        }
    }

    @Override
    public Lease lease(boolean mergeGets) {
        return new Lease() {
            @Override
            public Pool pool(PoolSpec spec, KeyDistributor distributor) {
                Backend[] members = new Backend[spec.backends().size()];
                for (int slot = 0; slot < members.length; slot++) {
                    members[slot] = new PoolMember(spec, slot);
                }
                return new Pool(spec.name(), distributor, members);
            }

            @Override
            public void release() {}
        };
    }

    private Server server(String address) {
        Server server = servers.get(address);
        if (server == null) {
            server = new Server(address, servers.size() + 1, smallStore(), new HashSet<>());
            servers.put(address, server);
        }
        return server;
    }

    /**
     * @param number what its keys hold
     * @param stocked the keys it has been made to hold
     */
    private record Server(String address, int number, Store store, Set<String> stocked) {}

    /**
     * The address of the backend whose value a reply carries; {@link Course#EMBEDDED}, or nothing if it carries none of
     * ours.
     */
    String whoseValue(Reply reply) {
        if (!reply.type().hasValue()) {
            return "";
        }
        String value = reply.buffer().toString(reply.end(), reply.valueLength(), ISO_8859_1);
        if (value.equals("0")) {
            return Course.EMBEDDED;
        }
        return servers.values().stream()
                .filter(server -> value.equals(Integer.toString(server.number)))
                .map(Server::address)
                .findFirst()
                .orElse("");
    }

    /** Has a store hold a request's key. */
    static void stock(Store store, Request request, int number) {
        ByteBuf line = Unpooled.buffer();
        String value = Integer.toString(number);
        line.writeCharSequence("ms ", ISO_8859_1);
        line.writeBytes(request.buffer(), request.keyIndex(), request.keyLength());
        line.writeCharSequence(" " + value.length() + (request.base64Key() ? " b" : "") + "\r\n", ISO_8859_1);
        int lineEnd = line.writerIndex();
        line.writeCharSequence(value + "\r\n", ISO_8859_1);
        Request set = new Request();
        new RequestParser().parse(line, 0, lineEnd, set);
        store.execute(set, line, lineEnd, Unpooled.buffer());
    }

    /** A reply in one or two words. */
    static String inWords(Reply reply) {
        if (reply.type().isMiss()) {
            return "miss";
        }
        if (reply.type().hasValue()) {
            return "hit";
        }
        return reply.buffer().toString(reply.start(), reply.lineEnd() - reply.start(), UTF_8);
    }

    /** A store's answer to a request. */
    static Reply answer(Store store, Request request, @Nullable ByteBuf value) {
        ByteBuf answer = Unpooled.buffer();
        if (value == null) {
            store.execute(request, request.buffer(), request.end(), answer);
        } else {
            store.execute(request, value, value.readerIndex(), answer);
        }
        return parse(answer);
    }

    private static Reply parse(ByteBuf answer) {
        Reply reply = new Reply();
        if (ReplyParser.parse(answer, 0, answer.writerIndex(), reply) != ReplyParser.COMPLETE) {
            throw new IllegalArgumentException(
                    "not a reply of memcached: \"" + answer.toString(UTF_8).stripTrailing() + "\"");
        }
        return reply;
    }

    /** One backend as one pool uses it. */
    private final class PoolMember implements Backend {
        private final PoolSpec pool;
        private final int slot;
        private final BackendSpec spec;

        PoolMember(PoolSpec pool, int slot) {
            this.pool = pool;
            this.slot = slot;
            this.spec = pool.backends().get(slot);
        }

        @Override
        public BackendSpec spec() {
            return spec;
        }

        @Override
        public void send(Call call) {
            Request request = call.request();
            StandIn standIn = spec.down() ? new StandIn.Down() : cast.of(pool, spec);
            int place = asked.size();
            List<Course.Asked> notes = asked;
            notes.add(new Course.Asked(pool.name(), slot, spec.address(), CommandLine.lineOf(request), "no answer"));
            switch (standIn) {
                case StandIn.Down() -> {
                    note(notes, place, Course.DOWN);
                    replies.add(() -> call.replied(FixedReply.BACKEND_BAD));
                }
                case StandIn.Silent() ->
                    timers.schedule(
                            () -> call.replied(FixedReply.BACKEND_LATE),
                            spec.readTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
                case StandIn.Says(String text) -> {
                    Reply reply = parse(Unpooled.copiedBuffer(text, ISO_8859_1));
                    note(notes, place, inWords(reply));
                    replies.add(() -> call.replied(reply));
                }
                case StandIn.Server(boolean hasKeys) -> {
                    Server server = server(spec.address());
                    if (hasKeys && server.stocked.add(CommandLine.keyOf(request))) {
                        stock(server.store, request, server.number);
                    }
                    Reply reply = answer(server.store, request, call.value());
                    note(notes, place, inWords(reply));
                    replies.add(() -> call.replied(reply));
                }
            }
        }

        @Override
        public void sendLine(Call call, byte[] line) {
            throw new UnsupportedOperationException("only requests of clients are simulated");
        }

        @Override
        public int badConnections() {
            return 0;
        }
    }

    private static void note(List<Course.Asked> notes, int place, String answer) {
        Course.Asked before = notes.get(place);
        notes.set(place, new Course.Asked(before.pool(), before.slot(), before.backend(), before.request(), answer));
    }
}
