package io.memroute.bench.route;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.call.LoneCall;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.script.library.LuaRoutePlan;
import io.memroute.proxy.worker.ServerContext;
import io.memroute.proxy.worker.WorkerContext;
import io.memroute.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A request through the router and one handler to backends that answer without a network, and back: what the handlers
 * cost in user time, to be compared with {@code DIRECT}. With {@code -prof gc} it shows that none of them allocates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {

    private static final String GET = "get user:123456:profile\r\n";
    private static final String SET = "set user:123456:profile 0 900 100\r\n" + "v".repeat(100) + "\r\n";

    /** A handler over pools of one server each, and what is asked of it. */
    public enum Handler {
        DIRECT("route_direct{ child = 'a' }", GET),
        DIRECT_SET("route_direct{ child = 'a' }", SET),
        FAILOVER("route_failover{ children = { 'a', 'b', 'c' } }", GET),
        FAILOVER_WAIT("route_failover{ children = { 'a', 'b', 'c' }, wait = 1 }", GET),
        ZFAILOVER("route_zfailover{ children = { x = 'a', y = 'b' }, local_zone = 'x' }", GET),
        ALLSYNC("route_allsync{ children = { 'a', 'b', 'c' } }", SET),
        ALLFASTEST("route_allfastest{ children = { 'a', 'b', 'c' } }", GET),
        ALLASYNC("route_allasync{ children = { 'a', 'b', 'c' } }", SET),
        SPLIT("route_split{ child_a = 'a', child_b = 'b' }", GET),
        RANDOM("route_random{ children = { 'a', 'b', 'c' } }", GET),
        TTL("route_ttl{ child = 'a', ttl = 60 }", SET),
        RATELIM("route_ratelim{ child = 'a', limit = 4000000000, fillrate = 4000000000, tickrate = 1 }", GET),
        RATELIM_GLOBAL(
                "route_ratelim{ child = 'a', limit = 4000000000, fillrate = 4000000000, tickrate = 1, global = true }",
                GET),
        NULL("route_null{}", GET),
        LATEST("route_latest{ children = { 'a', 'b', 'c' } }", GET),
        MAJORITY("route_majority{ children = { 'a', 'b', 'c' } }", SET),
        WEIGHTED("route_weighted{ children = { 'a', 'b' }, weights = { 99, 1 } }", GET),
        SHADOW("route_shadow{ child = 'a', shadow = 'b' }", GET),
        SHADOW_COMPARE("route_shadow{ child = 'a', shadow = 'b', compare = true }", GET),
        WARM("route_warm{ cold = 'a', warm = 'b' }", GET),
        NEARCACHE("route_nearcache{ child = 'a', ttl = 100000 }", GET),
        PREFIX("route_prefix{ child = 'a', strip = 'user:', add = 'u:' }", GET),
        NAMED("route_direct{ child = 'a', name = 'main' }", GET);

        private final String route;
        private final String request;

        Handler(String route, String request) {
            this.route = route;
            this.request = request;
        }
    }

    @Param
    public Handler handler;

    private final InstantBackends backends = new InstantBackends();
    private Asked call;
    private Router router;

    @Setup
    public void compile() throws IOException, ConfigException {
        Path file = Files.createTempFile("memroute-bench-", ".lua");
        Files.writeString(file, """
                pools{ a = { backends = { "10.0.0.1" } }, b = { backends = { "10.0.0.2" } }, c = { backends = { \
                "10.0.0.3" } } }
                routes{ default = %s }
                """.formatted(handler.route));
        EventLoop loop = new EmbeddedChannel().eventLoop();
        WorkerContext worker = new WorkerContext(
                loop,
                loop,
                ServerContext.offline(
                        PooledByteBufAllocator.DEFAULT, Store.builder().build()));
        router = Objects.requireNonNull(
                LuaRoutePlan.plan(ConfigLoader.load(ConfigSource.ofFile(file.toString())))
                        .compile(backends, worker)
                        .router(""),
                "the routes of clients without a tag");
        Files.delete(file);
        call = new Asked(handler.request);
    }

    @Benchmark
    public int request() {
        router.route(call.request()).start(call);
        backends.answerAll();
        return call.answers;
    }

    /** The client's call. */
    private static final class Asked extends LoneCall {
        private int answers;

        Asked(String text) {
            super(new Request());
            ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
            new RequestParser().parse(bytes, 0, bytes.writerIndex(), request());
        }

        @Override
        public void replied(Reply reply) {
            answers += reply.end();
        }
    }
}
