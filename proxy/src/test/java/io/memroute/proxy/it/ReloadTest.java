package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ReloadOutcome;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Configurations that change while clients go on. */
class ReloadTest {

    private static final int RELOAD_EVERY_MILLIS = 100;

    private static final int CLIENTS = 20;

    private static final int REQUESTS_EACH = 2_000;

    /** The load is repeated until there were this many reloads. */
    private static final int RELOADS = 20;

    @Test
    void aReloadEvery100MillisecondsLosesNoRequest() throws InterruptedException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                MemcachedServer other = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one, two), 2);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            AtomicInteger reloads = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            timer.scheduleAtFixedRate(
                    () -> {
                        try {
                            // Every other configuration has a pool more, whose connections come and go.
                            boolean more = reloads.get() % 2 == 0;
                            Configuration configuration = Configuration.direct(one, two);
                            if (more) {
                                configuration.pool("more", other.port());
                            }
                            assertThat(proxy.reload(configuration).failure()).isEmpty();
                            reloads.incrementAndGet();
                        } catch (RuntimeException | AssertionError e) {
                            failure.compareAndSet(null, e);
                        }
                    },
                    0,
                    RELOAD_EVERY_MILLIS,
                    TimeUnit.MILLISECONDS);
            for (int round = 0; reloads.get() < RELOADS; round++) {
                assertThat(MixedLoadTest.runClients(proxy.port(), "r" + round + "c", CLIENTS, REQUESTS_EACH))
                        .isEmpty();
                assertThat(failure.get()).isNull();
            }
        }
    }

    @Test
    void requestsAfterAReloadTakeTheNewRoutes() {
        try (MemcachedServer before = MemcachedServer.start();
                MemcachedServer after = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(before), 2);
                RawClient client = proxy.connect()) {
            client.send("set where 0 0 6\r\nbefore\r\nget where\r\n");
            client.expect("STORED\r\nVALUE where 0 6\r\nbefore\r\nEND\r\n");
            assertThat(proxy.reload(Configuration.direct(after)).succeeded()).isTrue();
            client.send("get where\r\nset where 0 0 5\r\nafter\r\nget where\r\n");
            client.expect("END\r\nSTORED\r\nVALUE where 0 5\r\nafter\r\nEND\r\n");
        }
    }

    @Test
    void requestsOnTheirWayFinishOnTheRoutesTheyStartedOn() {
        try (ScriptedBackend before = ScriptedBackend.start();
                ScriptedBackend after = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(before.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection old = before.accept();
            client.send("mg slow v\r\n");
            old.expect("mg slow v\r\n");
            assertThat(proxy.reload(Configuration.direct(after.port())).succeeded())
                    .isTrue();
            ScriptedBackend.Connection next = after.accept();
            client.send("mg quick v\r\n");
            next.expect("mg quick v\r\n");
            next.send("EN\r\n");
            old.send("VA 4\r\nslow\r\n");
            client.expect("VA 4\r\nslow\r\nEN\r\n");
            // Nobody needs the old backend any more.
            old.expectClosed();
        }
    }

    /** The request is the last user of its configuration, and lets go while the worker closes its connections. */
    @Test
    void theServerEndsWhileARequestIsOnItsWayOnRoutesThatWereReplaced() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ScriptedBackend more = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            client.send("mg slow v\r\n");
            connection.expect("mg slow v\r\n");
            assertThat(proxy.reload(Configuration.direct(backend.port()).pool("more", more.port()))
                            .succeeded())
                    .isTrue();
            ScriptedBackend.Connection other = more.accept();
            proxy.close();
            connection.expectClosed();
            other.expectClosed();
        }
    }

    @Test
    void anUnchangedBackendKeepsItsConnection() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ScriptedBackend more = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            Configuration changed = Configuration.direct(backend.port())
                    .pool("more", more.port())
                    .prefix("m", "more");
            assertThat(proxy.reload(changed).succeeded()).isTrue();
            client.send("mg m/1 v\r\nmg 2 v\r\n");
            more.accept().expect("mg m/1 v\r\n");
            connection.expect("mg 2 v\r\n");
            assertThat(backend.acceptedConnections()).isOne();
        }
    }

    @Test
    void aConfigurationWithErrorsLeavesTheOneBeforeInForceAndIsReportedInFull() {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server));
                RawClient client = proxy.connect()) {
            ReloadOutcome outcome = proxy.reload("""
                    pools{ main = { backends = {} } }
                    routes{ default = route_direct{ child = "mian" } }
                    """);
            assertThat(outcome.failure().orElseThrow())
                    .hasMessageContaining(":1:")
                    .hasMessageContaining("backends")
                    .hasMessageContaining(":2:")
                    .hasMessageContaining("mian");
            assertThat(proxy.reload("this is not Lua").succeeded()).isFalse();
            client.send("set a 0 0 1\r\nx\r\nget a\r\n");
            client.expect("STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        }
    }
}
