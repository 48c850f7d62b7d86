package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Clients that ask for more than they read. */
class SlowReaderTest {

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyAndGetsEveryByteInTheEnd() {
        int gets = 400;
        String value = "0123456789".repeat(50_000);
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server));
                RawClient other = proxy.connect();
                RawClient slow = RawClient.connectSlowReader(new InetSocketAddress("127.0.0.1", proxy.port()), 8192)) {
            other.send("set big 0 0 " + value.length() + "\r\n" + value + "\r\n");
            other.expect("STORED\r\n");
            long before = MemoryUse.bytes();
            slow.send("mg big v\r\n".repeat(gets));
            for (int i = 0; i < 2_000; i++) {
                other.send("mg small" + i + " v\r\n");
                other.expect("EN\r\n");
            }
            // All that was asked for is 200 MB; what waits for the client is a value and some hundred kilobytes.
            assertThat(MemoryUse.bytes() - before).isLessThan(3L << 20);
            String reply = "VA " + value.length() + "\r\n" + value + "\r\n";
            for (int i = 0; i < gets; i++) {
                slow.expect(reply);
            }
        }
    }
}
