package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.explain.CommandLine;
import io.memroute.proxy.explain.Course;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a running proxy says about a command is what it then does with it. */
class ExplanationTest {

    private static final int KEYS = 50;

    @Test
    void aKeyIsStoredWhereTheRunningProxySaysAndAlsoAfterAReload() {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                MemcachedServer three = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one, two));
                RawClient client = proxy.connect()) {
            List<MemcachedServer> servers = List.of(one, two, three);
            storesWhereItSays(proxy, client, servers, "before");
            assertThat(proxy.reload(Configuration.direct(three, one, two)).succeeded())
                    .isTrue();
            storesWhereItSays(proxy, client, servers, "after");
        }
    }

    private static void storesWhereItSays(
            ProxyUnderTest proxy, RawClient client, List<MemcachedServer> servers, String prefix) {
        for (int i = 0; i < KEYS; i++) {
            String key = prefix + i;
            String set = "set " + key + " 0 0 1";
            Course course = proxy.why()
                    .explain(CommandLine.of(set), "", Set.of())
                    .keys()
                    .getFirst()
                    .scenarios()
                    .getFirst()
                    .course();
            client.send(set + "\r\nx\r\n");
            client.expect(course.reply());
            String said = course.asked().getFirst().backend();
            for (MemcachedServer server : servers) {
                try (RawClient direct = RawClient.connect(server.port())) {
                    direct.send("mg " + key + "\r\n");
                    direct.expect(said.equals("127.0.0.1:" + server.port()) ? "HD\r\n" : "EN\r\n");
                }
            }
        }
    }

    @Test
    void theConfigurationInForceIsTheOneThatRuns() {
        try (MemcachedServer one = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one))) {
            String lua = "pools{ other = { backends = { '127.0.0.1:" + one.port() + "' } } }\n"
                    + "routes{ default = route_direct{ child = 'other' } }\n";
            assertThat(proxy.reload("pools{").succeeded()).isFalse();
            assertThat(proxy.pools()).doesNotContain("other");
            assertThat(proxy.reload(lua).succeeded()).isTrue();
            assertThat(proxy.pools()).containsExactly("other");
        }
    }
}
