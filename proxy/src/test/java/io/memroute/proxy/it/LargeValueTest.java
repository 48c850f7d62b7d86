package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values much larger than any buffer: passed on as they arrive, never mixed up, never in part as if whole. */
class LargeValueTest {

    private static final int SIZE = 4_000_000;

    private ScriptedBackend backend;
    private ScriptedBackend.Connection connection;
    private ProxyUnderTest proxy;
    private RawClient client;

    @BeforeEach
    void start() {
        backend = ScriptedBackend.start();
        proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
        connection = backend.accept();
        client = proxy.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        backend.close();
    }

    @Test
    void theBeginningReachesTheClientBeforeTheEndHasArrived() {
        byte[] value = pattern(SIZE, 1);
        client.send("get big\r\n");
        connection.expect("get big\r\n");
        connection.send("VALUE big 5 " + SIZE + "\r\n");
        connection.send(part(value, 0, 1_000_000));
        client.expect("VALUE big 5 " + SIZE + "\r\n");
        client.expect(part(value, 0, 1_000_000));
        Thread sender = Thread.ofVirtual().start(() -> {
            connection.send(part(value, 1_000_000, SIZE));
            connection.send("\r\nEND\r\n");
        });
        client.expect(part(value, 1_000_000, SIZE));
        client.expect("\r\nEND\r\n");
        joined(sender);
    }

    @Test
    void aMetaValueIsPassedOnAsItArrivesToo() {
        byte[] value = pattern(SIZE, 2);
        client.send("mg big v f\r\nmg after v\r\n");
        connection.expect("mg big v f\r\nmg after v\r\n");
        connection.send("VA " + SIZE + " f9\r\n");
        connection.send(part(value, 0, 100_000));
        client.expect("VA " + SIZE + " f9\r\n");
        client.expect(part(value, 0, 100_000));
        Thread sender = Thread.ofVirtual().start(() -> {
            connection.send(part(value, 100_000, SIZE));
            connection.send("\r\nEN\r\n");
        });
        client.expect(part(value, 100_000, SIZE));
        client.expect("\r\nEN\r\n");
        joined(sender);
    }

    @Test
    void aLargeReplyThatIsNotNextWaitsForThoseBeforeIt() {
        try (ScriptedBackend slow = ScriptedBackend.start();
                ProxyUnderTest two = ProxyUnderTest.start(Configuration.empty()
                        .pool("slow", slow.port())
                        .pool("main", backend.port())
                        .prefix("s", "slow")
                        .otherwise("main"));
                RawClient both = two.connect()) {
            ScriptedBackend.Connection slowSide = slow.accept();
            ScriptedBackend.Connection main = backend.accept();
            byte[] value = pattern(SIZE, 3);
            both.send("get s/1\r\nget big\r\nget s/2\r\n");
            main.expect("get big\r\n");
            main.send("VALUE big 0 " + SIZE + "\r\n");
            main.send(value);
            main.send("\r\nEND\r\n");
            slowSide.expect("get s/1 s/2\r\n");
            slowSide.send("VALUE s/1 0 1\r\nx\r\n");
            slowSide.send("VALUE s/2 0 1\r\ny\r\nEND\r\n");
            both.expect("VALUE s/1 0 1\r\nx\r\nEND\r\nVALUE big 0 " + SIZE + "\r\n");
            both.expect(value);
            both.expect("\r\nEND\r\nVALUE s/2 0 1\r\ny\r\nEND\r\n");
        }
    }

    @Test
    void aValueThatBreaksOffClosesTheClientsConnection() {
        byte[] value = pattern(SIZE, 4);
        client.send("get big\r\nget after\r\n");
        connection.expect("get big after\r\n");
        connection.send("VALUE big 0 " + SIZE + "\r\n");
        connection.send(part(value, 0, 200_000));
        client.expect("VALUE big 0 " + SIZE + "\r\n");
        client.expect(part(value, 0, 200_000));
        connection.close();
        client.expectClosed();
    }

    @Test
    void aValueThatBreaksOffBeforeItsClientHasSeenAnyOfItIsAnErrorReply() {
        client.send("get big\r\nmn\r\n");
        connection.expect("get big\r\n");
        connection.send("VALUE big 0 1000\r\nonly this");
        connection.close();
        client.expect("SERVER_ERROR backend failure\r\nMN\r\n");
    }

    @Test
    void aValueWithoutItsLineEndIsNeverPassedOnAsWhole() {
        byte[] value = pattern(SIZE, 5);
        client.send("get big\r\n");
        connection.expect("get big\r\n");
        connection.send("VALUE big 0 " + SIZE + "\r\n");
        Thread sender = Thread.ofVirtual().start(() -> {
            connection.send(value);
            connection.send("XXEND\r\n");
        });
        client.expect("VALUE big 0 " + SIZE + "\r\n");
        byte[] received = client.readToEnd();
        assertThat(received).hasSizeLessThanOrEqualTo(SIZE).isEqualTo(part(value, 0, received.length));
        joined(sender);
    }

    @Test
    void aClientThatLeavesInTheMiddleHarmsNobody() {
        byte[] value = pattern(SIZE, 6);
        try (RawClient leaving = proxy.connect()) {
            leaving.send("get big\r\n");
            connection.expect("get big\r\n");
            connection.send("VALUE big 0 " + SIZE + "\r\n");
            connection.send(part(value, 0, 200_000));
            leaving.expect("VALUE big 0 " + SIZE + "\r\n");
            leaving.reset();
        }
        client.send("mg other v\r\n");
        connection.send(part(value, 200_000, SIZE));
        connection.send("\r\nEND\r\n");
        connection.expect("mg other v\r\n");
        connection.send("VA 2\r\nok\r\n");
        client.expect("VA 2\r\nok\r\n");
    }

    @Test
    void largeValuesAreStoredAndFetchedThroughARealServer() {
        try (MemcachedServer server = MemcachedServer.start(
                        MemcachedServer.options().memoryMegabytes(256).maxItemSize("32m"));
                ProxyUnderTest real = ProxyUnderTest.start(Configuration.direct(server));
                RawClient user = real.connect()) {
            for (int size : new int[] {1 << 20, 10_000_000, 30_000_000}) {
                byte[] value = pattern(size, size);
                user.send("set big 1 0 " + size + "\r\n");
                user.send(value);
                user.send("\r\nget big\r\nmg big v\r\n");
                user.expect("STORED\r\nVALUE big 1 " + size + "\r\n");
                user.expect(value);
                user.expect("\r\nEND\r\nVA " + size + "\r\n");
                user.expect(value);
                user.expect("\r\n");
            }
        }
    }

    private static byte[] pattern(int size, int seed) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) * 17 + seed);
        }
        return bytes;
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static void joined(Thread thread) {
        Deadline.await("the sender to end", () -> !thread.isAlive());
    }
}
