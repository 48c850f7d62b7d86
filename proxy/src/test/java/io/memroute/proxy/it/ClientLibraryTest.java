package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What applications use: client libraries as they come, configured for one memcached server. */
class ClientLibraryTest {

    private static final int KEYS = 500;

    /** Held here: a logger that nobody holds forgets its level. */
    private static final Logger SPYMEMCACHED = Logger.getLogger("net.spy.memcached");

    private MemcachedServer one;
    private MemcachedServer two;
    private ProxyUnderTest proxy;

    @BeforeAll
    static void quietenTheLibraries() {
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
        SPYMEMCACHED.setLevel(Level.WARNING);
    }

    @BeforeEach
    void start() {
        one = MemcachedServer.start();
        two = MemcachedServer.start();
        proxy = ProxyUnderTest.start(Configuration.direct(one, two).setting("allow_flush_all", true));
    }

    @AfterEach
    void stop() {
        proxy.close();
        one.close();
        two.close();
    }

    @Test
    void spymemcachedDoesEverythingItCan() throws Exception {
        MemcachedClient client = new MemcachedClient(new InetSocketAddress("127.0.0.1", proxy.port()));
        try {
            Map<String, Object> all = new HashMap<>();
            for (int i = 0; i < KEYS; i++) {
                // Its compressing transcoder takes the long ones apart.
                all.put("key" + i, i % 10 == 0 ? "long ".repeat(10_000) + i : "value" + i);
            }
            for (Map.Entry<String, Object> entry : all.entrySet()) {
                assertThat(client.set(entry.getKey(), 0, entry.getValue()).get())
                        .isTrue();
            }
            assertThat(client.getBulk(all.keySet())).isEqualTo(all);
            assertThat(client.get("key7")).isEqualTo("value7");
            assertThat(client.get("none")).isNull();
            assertThat(client.add("key7", 0, "x").get()).isFalse();
            assertThat(client.replace("none", 0, "x").get()).isFalse();
            assertThat(client.incr("count", 3, 10)).isEqualTo(10);
            assertThat(client.incr("count", 3)).isEqualTo(13);
            assertThat(client.decr("count", 20)).isZero();
            CASValue<Object> current = client.gets("key8");
            assertThat(client.cas("key8", current.getCas(), "changed")).isEqualTo(CASResponse.OK);
            assertThat(client.cas("key8", current.getCas(), "again")).isEqualTo(CASResponse.EXISTS);
            assertThat(client.touch("key8", 100).get()).isTrue();
            assertThat(client.append("key7", "!").get()).isTrue();
            assertThat(client.prepend("key7", "<").get()).isTrue();
            assertThat(client.get("key7")).isEqualTo("<value7!");
            assertThat(client.delete("key7").get()).isTrue();
            assertThat(client.get("key7")).isNull();
            assertThat(client.getVersions().values()).allMatch(version -> !version.isEmpty());
            assertThat(client.getStats().values()).allMatch(stats -> stats.containsKey("pid"));
            assertThat(client.flush().get()).isTrue();
            assertThat(client.getBulk(all.keySet())).isEmpty();
        } finally {
            client.shutdown(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void xmemcachedDoesEverythingItCan()
            throws IOException, InterruptedException, TimeoutException, MemcachedException {
        XMemcachedClientBuilder builder =
                new XMemcachedClientBuilder(List.of(new InetSocketAddress("127.0.0.1", proxy.port())));
        builder.setOpTimeout(10_000);
        builder.setConnectionPoolSize(4);
        net.rubyeye.xmemcached.MemcachedClient client = builder.build();
        try {
            Map<String, Object> all = new HashMap<>();
            for (int i = 0; i < KEYS; i++) {
                all.put("key" + i, i % 10 == 0 ? "long ".repeat(10_000) + i : "value" + i);
                assertThat(client.set("key" + i, 0, all.get("key" + i))).isTrue();
            }
            assertThat(client.<Object>get(all.keySet())).isEqualTo(all);
            // It joins neighbouring gets of its own accord; without waiting it keeps many outstanding.
            for (int i = 0; i < KEYS; i++) {
                client.setWithNoReply("quiet" + i, 0, "q" + i);
            }
            for (int i = 0; i < KEYS; i++) {
                assertThat(client.<String>get("key" + i)).isEqualTo(all.get("key" + i));
            }
            assertThat(client.<String>get("none")).isNull();
            assertThat(client.add("key7", 0, "x")).isFalse();
            assertThat(client.incr("count", 3, 10)).isEqualTo(10);
            assertThat(client.incr("count", 3)).isEqualTo(13);
            assertThat(client.decr("count", 20)).isZero();
            long cas = client.gets("key8").getCas();
            assertThat(client.cas("key8", 0, "changed", cas)).isTrue();
            assertThat(client.cas("key8", 0, "again", cas)).isFalse();
            assertThat(client.touch("key8", 100)).isTrue();
            assertThat(client.append("key7", "!")).isTrue();
            assertThat(client.<String>get("key7")).isEqualTo("value7!");
            assertThat(client.delete("key7")).isTrue();
            assertThat(client.<String>get("key7")).isNull();
            assertThat(client.getVersions()).isNotEmpty();
            client.flushAll();
            assertThat(client.<Object>get(all.keySet())).isNullOrEmpty();
        } finally {
            client.shutdown();
        }
    }
}
