package io.memroute.proxy.it;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many requests outstanding on one connection: started at once, answered in order. */
class PipeliningTest {

    private ScriptedBackend slow;
    private ScriptedBackend quick;
    private ScriptedBackend.Connection slowSide;
    private ScriptedBackend.Connection quickSide;
    private ProxyUnderTest proxy;
    private RawClient client;

    @BeforeEach
    void start() {
        slow = ScriptedBackend.start();
        quick = ScriptedBackend.start();
        proxy = ProxyUnderTest.start(Configuration.empty()
                .pool("slow", slow.port())
                .pool("quick", quick.port())
                .prefix("s", "slow")
                .otherwise("quick"));
        slowSide = slow.accept();
        quickSide = quick.accept();
        client = proxy.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        slow.close();
        quick.close();
    }

    @Test
    void repliesLeaveInTheOrderOfTheRequestsWhateverOrderTheyArriveIn() {
        client.send("mg s/1 v\r\nmg q/1 v\r\nmg s/2 v\r\nmg q/2 v\r\n");
        slowSide.expect("mg s/1 v\r\nmg s/2 v\r\n");
        quickSide.expect("mg q/1 v\r\nmg q/2 v\r\n");
        quickSide.send("VA 2\r\nq1\r\nVA 2\r\nq2\r\n");
        slowSide.send("VA 2\r\ns1\r\n");
        client.expect("VA 2\r\ns1\r\nVA 2\r\nq1\r\n");
        slowSide.send("VA 2\r\ns2\r\n");
        client.expect("VA 2\r\ns2\r\nVA 2\r\nq2\r\n");
    }

    @Test
    void aSlowRequestKeepsNoLaterOneFromBeingRead() {
        client.send("mg s/1 v\r\n");
        slowSide.expect("mg s/1 v\r\n");
        client.send("mg q/1 v\r\n");
        quickSide.expect("mg q/1 v\r\n");
        client.send("set q/2 0 0 3\r\nabc\r\n");
        quickSide.expect("set q/2 0 0 3\r\nabc\r\n");
        quickSide.send("EN\r\nSTORED\r\n");
        slowSide.send("EN\r\n");
        client.expect("EN\r\nEN\r\nSTORED\r\n");
    }

    @Test
    void oneClientsSlowRequestDoesNotDelayAnotherClient() {
        client.send("mg s/1 v\r\n");
        slowSide.expect("mg s/1 v\r\n");
        try (RawClient other = proxy.connect()) {
            other.send("mg q/1 v\r\n");
            quickSide.expect("mg q/1 v\r\n");
            quickSide.send("EN\r\n");
            other.expect("EN\r\n");
        }
    }

    @Test
    void mnIsAnsweredAfterEverythingBeforeIt() {
        client.send("mg s/1 v q\r\nmn\r\nmg q/1 v\r\n");
        slowSide.readLine();
        quickSide.expect("mg q/1 v\r\n");
        quickSide.send("VA 1\r\nQ\r\n");
        slowSide.send("VA 1\r\nS\r\n");
        client.expect("VA 1\r\nS\r\nMN\r\nVA 1\r\nQ\r\n");
    }

    @Test
    void requestsMayArriveByteByByte() {
        String requests = "mg q/1 v k\r\nset q/2 5 0 6\r\n\r\nEND\r\r\nget q/3\r\nms q/4 2 T5\r\nab\r\n";
        for (int i = 0; i < requests.length(); i++) {
            client.send(requests.substring(i, i + 1));
        }
        quickSide.expect("mg q/1 v k\r\nset q/2 5 0 6\r\n\r\nEND\r\r\nget q/3\r\nms q/4 2 T5\r\nab\r\n");
        String replies = "VA 1 kq/1\r\nx\r\nSTORED\r\nVALUE q/3 0 1\r\ny\r\nEND\r\nHD\r\n";
        for (int i = 0; i < replies.length(); i++) {
            quickSide.send(replies.substring(i, i + 1));
        }
        client.expect(replies);
    }

    @Test
    void neighbouringGetsTravelTogetherAndAreAnsweredApart() {
        client.send("get q/1\r\nget q/2\r\nget q/3\r\nget s/1\r\nget q/4\r\n");
        quickSide.expect("get q/1 q/2 q/3 q/4\r\n");
        slowSide.expect("get s/1\r\n");
        quickSide.send("VALUE q/2 7 3\r\ntwo\r\nVALUE q/4 0 4\r\nfour\r\nEND\r\n");
        slowSide.send("VALUE s/1 1 4\r\nslow\r\nEND\r\n");
        client.expect("END\r\nVALUE q/2 7 3\r\ntwo\r\nEND\r\nEND\r\n");
        client.expect("VALUE s/1 1 4\r\nslow\r\nEND\r\nVALUE q/4 0 4\r\nfour\r\nEND\r\n");
    }

    @Test
    void getsAreNotMovedAcrossAnotherRequestToTheSameBackend() {
        client.send("get q/1\r\nset q/1 0 0 1\r\nx\r\nget q/1\r\n");
        quickSide.expect("get q/1\r\nset q/1 0 0 1\r\nx\r\nget q/1\r\n");
        quickSide.send("END\r\nSTORED\r\nVALUE q/1 0 1\r\nx\r\nEND\r\n");
        client.expect("END\r\nSTORED\r\nVALUE q/1 0 1\r\nx\r\nEND\r\n");
    }

    @Test
    void everyReplyOfTensOfThousandsOutstandingRequestsComes() {
        int count = 20_000;
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest real = ProxyUnderTest.start(Configuration.direct(server));
                RawClient many = real.connect()) {
            many.send("set k 0 0 5\r\nvalue\r\n");
            many.expect("STORED\r\n");
            byte[] requests = "get k\r\nmg k v\r\n".repeat(count / 2).getBytes(StandardCharsets.US_ASCII);
            Thread.ofVirtual().start(() -> many.send(requests));
            for (int i = 0; i < count / 2; i++) {
                many.expect("VALUE k 0 5\r\nvalue\r\nEND\r\nVA 5\r\nvalue\r\n");
            }
        }
    }
}
