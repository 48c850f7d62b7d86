package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
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
            timer.scheduleAtFixedRate(() -> {
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
            }, 0, RELOAD_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            for (int round = 0; reloads.get() < RELOADS; round++) {
                assertThat(MixedLoadTest.runClients(proxy.port(), "r" + round + "c", CLIENTS, REQUESTS_EACH)).isEmpty();
                assertThat(failure.get()).isNull();
            }
        }
    }
}
