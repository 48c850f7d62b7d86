package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.ErrorKind;
import io.memroute.proxy.call.LoneCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.NullRoute;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.TimedRoute;
import io.memroute.proxy.route.choice.WeightedChoice;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Once a route has been in use, a request allocates nothing, whichever handler it meets. */
public class RouteAllocationTest {

    private static final int REQUESTS = 20_000;

    /** What the measurement itself and the compiler may allocate on this thread in one round. */
    private static final long NOISE_BYTES = REQUESTS / 2;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final WorkerContext worker = new ManualWorker().get();
    private final Late a = new Late("SERVER_ERROR busy\r\n");
    private final Late b = new Late("STORED\r\n");
    private final Late c = new Late("NOT_STORED\r\n");
    private final OwnRequest.Source requests = new OwnRequest.Source();
    private final IgnoredCalls ignored = new IgnoredCalls();

    @TestFactory
    Stream<DynamicTest> noHandlerAllocates() {
        Route[] all = {a, b, c};
        KeyDistributor keys = KeyDistributor.of(
                KeySelection.DEFAULT, List.of(new ServerName("1", 0), new ServerName("2", 0), new ServerName("3", 0)));
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        return Map.<String, Route>ofEntries(
                        Map.entry("failover", new FailoverRoute(all, false, null, worker)),
                        Map.entry(
                                "limited",
                                new FailoverRoute(
                                        all,
                                        new FailoverRoute.Rules(
                                                true,
                                                true,
                                                Set.of(ErrorKind.SERVER_ERROR),
                                                2,
                                                true,
                                                Optional.of(new FailoverRoute.Limit(0.9, 5))),
                                        null,
                                        worker)),
                        Map.entry("allsync", new AllSyncRoute(all, worker)),
                        Map.entry("allfastest", new AllFastestRoute(all, false, worker)),
                        Map.entry("allasync", new AllAsyncRoute(all, ignored, new NullRoute())),
                        Map.entry("majority", new MajorityRoute(all, worker)),
                        Map.entry("split", new SplitRoute(b, c, ignored)),
                        Map.entry("ttl", new TtlRoute(5, b, requests)),
                        Map.entry("prefix", new PrefixRoute(PrefixRoute.Change.ofBeginning("k", "new:"), b, requests)),
                        Map.entry("ensure", new PrefixRoute(new PrefixRoute.Change("x", "k", true, ".s"), b, requests)),
                        Map.entry(
                                "warm",
                                new WarmRoute(
                                        b, c, new OwedKeys("warm"), requests, WarmRoute.Counters.NONE, null, worker)),
                        Map.entry(
                                "reshard",
                                new ReshardRoute(
                                        b,
                                        new WarmRoute(
                                                b,
                                                c,
                                                new OwedKeys("warm"),
                                                requests,
                                                WarmRoute.Counters.NONE,
                                                null,
                                                worker),
                                        request -> false,
                                        new ReshardProgress(1000, InstantSource.system(), "reshard"))),
                        Map.entry("shadow", new ShadowRoute(b, c, 0.5, true, ignored, null)),
                        Map.entry("weighted", new WeightedRoute(all, new WeightedChoice(List.of(1.0, 2.0, 3.0)))),
                        Map.entry("shorter", new TtlRoute(5, true, InstantSource.system(), b, requests)),
                        Map.entry("prefixes", new PrefixesRoute(all, new PrefixesRoute.Choice(List.of("x", "k")))),
                        Map.entry("hash", new HashRoute(all, keys)),
                        Map.entry(
                                "migrate",
                                new MigrateRoute(
                                        b,
                                        c,
                                        yesterday,
                                        Duration.ofDays(2),
                                        InstantSource.system(),
                                        ignored,
                                        requests,
                                        worker)),
                        Map.entry("wait", new TimedRoute(b, 1_000_000_000_000L, worker)))
                .entrySet()
                .stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(), () -> expectNoAllocation(entry.getValue(), "set key 0 100 5\r\nhello\r\n")));
    }

    @Test
    void aNearCacheThatHasTheKeyDoesNotAllocate() {
        Late server = new Late("VALUE key 0 5\r\nhello\r\n");
        Route route = new NearCacheRoute(server, new NearCache(1 << 20, 100_000, 100), requests, null, null);
        Asked first = new Asked("get key\r\n");
        route.start(first);
        assertThat(server.answerOldest()).isTrue();
        expectNoAllocation(route, "get key\r\n");
        assertThat(server.answerOldest()).as("asked again").isFalse();
    }

    private void expectNoAllocation(Route route, String request) {
        run(route, request);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            run(route, request);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for " + REQUESTS + " requests").isLessThan(NOISE_BYTES);
    }

    private void run(Route route, String request) {
        Asked call = new Asked(request);
        for (int i = 0; i < REQUESTS; i++) {
            route.start(call);
            while (a.answerOldest() || b.answerOldest() || c.answerOldest()) {
                // Until nobody has been asked any more.
            }
        }
        assertThat(call.answers).isEqualTo(REQUESTS);
    }

    /** A child that answers when asked to, always the same. */
    private static final class Late implements Route {
        private final ArrayDeque<Call> outstanding = new ArrayDeque<>();
        private final Reply reply = new Reply();

        Late(String text) {
            ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
            ReplyParser.parse(bytes, 0, bytes.writerIndex(), reply);
        }

        @Override
        public void start(Call call) {
            outstanding.add(call);
        }

        boolean answerOldest() {
            Call oldest = outstanding.poll();
            if (oldest != null) {
                oldest.replied(reply);
            }
            return oldest != null;
        }
    }

    private static final class Asked extends LoneCall {
        private int answers;

        Asked(String text) {
            super(RecordedCall.parsed(text));
        }

        @Override
        public void replied(Reply reply) {
            answers++;
        }
    }
}
