package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says it is, to clients that want memcached and to operators who want to know better. */
class VersionTest {

    /**
     * How client libraries take the version apart: with or without what comes before it, from the front and from the
     * end.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(\\d+)(?:\\.)(\\d+)(?:\\.)(\\d+)$", // memcached for Node.js
                "VERSION (\\d+)\\.(\\d+)\\.(\\d+)", // libmemcached, and php, Ruby and Python on top of it
                "^VERSION 1\\.([4-6])\\.(\\d+)$",
                "(?i)^version ([\\d.]+)$"
            })
    void isReadAsMemcached(String expression) {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server));
                RawClient client = proxy.connect()) {
            client.send("version\r\n");
            assertThat(client.readLine()).isEqualTo("VERSION 1.6.45").containsPattern(expression);
        }
    }

    @Test
    void isToldByTheStatistics() {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server));
                RawClient client = proxy.connect()) {
            for (String request : new String[] {"stats", "stats settings"}) {
                client.send(request + "\r\n");
                boolean told = false;
                for (String line = client.readLine(); !line.equals("END"); line = client.readLine()) {
                    told |= line.startsWith("STAT memroute_version ");
                }
                assertThat(told).as(request).isTrue();
            }
        }
    }
}
