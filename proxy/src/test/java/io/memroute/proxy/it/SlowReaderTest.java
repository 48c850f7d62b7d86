package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.client.ClientLimits;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Clients that ask for more than they read. */
class SlowReaderTest {

    /** Requests that a client may have outstanding; times the size of a reply, what it may make the proxy hold. */
    private static final int IN_FLIGHT = 16;

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyAndGetsEveryByteInTheEnd() {
        int gets = 400;
        String value = "0123456789".repeat(50_000);
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server), options -> options.requestsInFlight(IN_FLIGHT));
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
            // All that was asked for is 200 MB. Half as much again is for blocks that hold a little more than a reply.
            long most = ClientLimits.DEFAULT_UNSENT_BYTES + IN_FLIGHT * (long) value.length() * 3 / 2;
            assertThat(MemoryUse.bytes() - before).isLessThan(most);
            String reply = "VA " + value.length() + "\r\n" + value + "\r\n";
            for (int i = 0; i < gets; i++) {
                slow.expect(reply);
            }
        }
    }
}
