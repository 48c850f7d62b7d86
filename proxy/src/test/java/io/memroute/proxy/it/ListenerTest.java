package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.Transport;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of listener, on every transport that this machine has. */
class ListenerTest {

    @TempDir
    private Path directory;

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void servesIpv4Ipv6AndUnixSocketsAtTheSameTime(Transport transport) throws Exception {
        Path socket = directory.resolve("memroute.sock");
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server),
                        options -> options.transport(transport)
                                .unixSocketMask(0720)
                                .listener(ListenerSpec.tcp("::1", 0))
                                .listener(ListenerSpec.unix(socket.toString())));
                RawClient four = RawClient.connect(proxy.address(0));
                RawClient six = RawClient.connect("::1", ((InetSocketAddress) proxy.address(1)).getPort());
                RawClient unix = RawClient.connect(socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rwx-w----");
            for (RawClient client : List.of(four, six, unix)) {
                converse(client);
            }
        }
        assertThat(socket).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void eachListenersTagPicksItsRoutes(Transport transport) {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.empty()
                                .pool("one", one.port())
                                .pool("two", two.port())
                                .otherwise("one")
                                .tagged("second", "two"),
                        options -> options.transport(transport)
                                .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("second"))
                                .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("other")));
                RawClient untagged = RawClient.connect(proxy.address(0));
                RawClient tagged = RawClient.connect(proxy.address(1));
                RawClient other = RawClient.connect(proxy.address(2))) {
            untagged.send("set where 0 0 3\r\none\r\n");
            untagged.expect("STORED\r\n");
            tagged.send("get where\r\nset where 0 0 3\r\ntwo\r\n");
            tagged.expect("END\r\nSTORED\r\n");
            // A tag without routes of its own takes the untagged ones.
            other.send("get where\r\n");
            other.expect("VALUE where 0 3\r\none\r\nEND\r\n");
            try (RawClient direct = two.connect()) {
                direct.send("get where\r\n");
                direct.expect("VALUE where 0 3\r\ntwo\r\nEND\r\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void everyTransportCarriesTheMixedLoad(Transport transport) throws InterruptedException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one, two), transport)) {
            assertThat(MixedLoadTest.runClients(proxy.port(), "c", 10, 1_000)).isEmpty();
        }
    }

    private static void converse(RawClient client) {
        String large = "x".repeat(300_000);
        client.send("set a 0 0 1\r\nA\r\nset large 0 0 300000\r\n" + large + "\r\nget a large b\r\nmg a v\r\nmn\r\n");
        client.expect("STORED\r\nSTORED\r\nVALUE a 0 1\r\nA\r\nVALUE large 0 300000\r\n" + large
                + "\r\nEND\r\nVA 1\r\nA\r\nMN\r\n");
        client.halfClose();
        client.expectClosed();
    }
}
