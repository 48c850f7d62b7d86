package io.memroute.bench.forwarder;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BareForwarderTest {

    @ParameterizedTest
    @EnumSource
    void passesEveryKindOfReplyToTheClientThatAsked(BareForwarder.Sockets sockets) {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) '\n');
        try (MemcachedServer server = MemcachedServer.start();
                BareForwarder forwarder = BareForwarder.start(0, server.port(), sockets);
                RawClient one = RawClient.connect(forwarder.port());
                RawClient two = RawClient.connect(forwarder.port())) {
            one.send("set a 0 0 2\r\naa\r\nms b 2\r\nbb\r\nset big 0 0 300000\r\n");
            one.send(large);
            two.send("get nothing\r\n");
            two.expect("END\r\n");
            one.send("\r\n");
            one.expect("STORED\r\nHD\r\nSTORED\r\n");
            two.send("get a b\r\nmg b v\r\nmg none v\r\nget big\r\nmn\r\n");
            two.expect("VALUE a 0 2\r\naa\r\nVALUE b 0 2\r\nbb\r\nEND\r\nVA 2\r\nbb\r\nEN\r\nVALUE big 0 300000\r\n");
            two.expect(large);
            two.expect("\r\nEND\r\nMN\r\n");
            byte[] pipelined = "get a\r\n".repeat(20_000).getBytes(StandardCharsets.ISO_8859_1);
            Thread.ofVirtual().start(() -> one.send(pipelined));
            for (int i = 0; i < 20_000; i++) {
                one.expect("VALUE a 0 2\r\naa\r\nEND\r\n");
            }
        }
    }
}
