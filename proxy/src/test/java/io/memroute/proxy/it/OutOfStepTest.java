package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ServerOptions;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import io.memroute.testkit.ScriptedBackend;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server connection that clients share must stay in step, and if it does not, it must be given up before anybody is
 * told anything wrong.
 */
class OutOfStepTest {

    private static final String FAILED = "SERVER_ERROR backend failure\r\n";

    /** Every later request of the other client would get the answer to the one before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete noreply\r\n",
                "delete k noreply\r\n",
                "delete k noreply noreply\r\n",
                "delete k 0 noreply noreply\r\n",
                "delete any noreply noreply\r\nms z 1\r\nx\r\n",
                "delete x/noreply\r\n",
                "delete x/k noreply noreply\r\n",
                "incr k 1 noreply noreply\r\n",
                "set noreply 0 0 1 noreply\r\nx\r\n",
                "get noreply\r\n",
                "get a noreply\r\n",
                "gat 0 noreply\r\n",
                "mg k qq v\r\n",
                "ms k 1 q1 MA\r\nx\r\n",
                "ms k 31 a c d e f g h i j k l m n o p r\r\nmg key0 v\r\nmg key1 v\r\nmg key2 v\r\n",
                "ms k 31 a c d e f g h i j k l m n o p r s\r\nmg key0 v\r\nmg key1 v\r\nmg key2 v\r\n",
                "ms k 31 a c d e f g h i j k l m n o p q r s\r\nmg key0 v\r\nmg key1 v\r\nmg key2 v\r\n",
                "ms k 31 a c d e f g h i j k l m n o p r s t u w\r\nmg key0 v\r\nmg key1 v\r\nmg key2 v\r\n",
            })
    void noRequestOfAClientShiftsTheRepliesOfAnother(String attack) {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.empty()
                        .pool("main", server.port())
                        .otherwise("route_prefix{ strip = 'x/', child = 'main' }"));
                RawClient attacker = proxy.connect();
                RawClient victim = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                victim.send("ms key" + i + " 3\r\nv" + (10 + i) + "\r\n");
                victim.expect("HD\r\n");
            }
            for (int i = 0; i < 50; i++) {
                attacker.send(attack);
                victim.send("mg key" + i + " v\r\nmn\r\n");
                victim.expect("VA 3\r\nv" + (10 + i) + "\r\nMN\r\n");
            }
        }
    }

    /** memcached forgets that an item made by mg is binary, and would answer k with the raw key. */
    @ParameterizedTest
    @ValueSource(strings = {"HD Ox", "VA 1\r\nx", "EN", "STORED"})
    void noBinaryKeyAddsAReply(String injected) {
        String key = Base64.getEncoder().encodeToString(("a\r\n" + injected).getBytes());
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server));
                RawClient client = proxy.connect()) {
            client.send("mg " + key + " b k N30\r\n");
            client.expect("HD k" + key + " b W\r\n");
            client.send("mg " + key + " O7 k v b\r\nmn\r\n");
            client.expect("VA 0 O7 k" + key + " b Z\r\n\r\nMN\r\n");
            client.send("me " + key + " b\r\n");
            client.expect("CLIENT_ERROR me cannot show this binary key\r\n");
        }
    }

    @Test
    void aReplyThatIsLostUnderLoadIsFoundByAMark() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server.port()),
                        options -> options.markInterval(ServerOptions.DEFAULT_MARK_INTERVAL));
                ScriptedBackend.Connection backend = server.accept();
                RawClient victim = proxy.connect()) {
            victim.send("mg lost v\r\n");
            backend.expect("mg lost v\r\n");
            // Each request is answered, one behind: the connection is never idle and no reply misfits.
            int sent = 0;
            String line;
            do {
                victim.send("mg k v\r\n");
                sent++;
                line = backend.readLine();
                if (line.equals("mg k v")) {
                    backend.send("EN\r\n");
                }
            } while (!line.equals("version"));
            assertThat(sent).isGreaterThan(1);
            backend.send("VERSION 1.6.45\r\n");

            server.accept();
            victim.expect("EN\r\n".repeat(sent - 2));
            assertThat(victim.readUntil("\r\n")).isIn("EN\r\n", FAILED);
        }
    }

    /** Each request is answered with the reply to the one before, so that no reply is due before the next request. */
    @Test
    void aReplyThatCameTwiceIsFoundByAMark() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server.port()),
                        options -> options.markInterval(ServerOptions.DEFAULT_MARK_INTERVAL));
                ScriptedBackend.Connection backend = server.accept();
                RawClient victim = proxy.connect()) {
            Deadline deadline = Deadline.in(Deadline.USUAL);
            victim.send("mg k v\r\n");
            while (backend.readLine().equals("mg k v")) {
                backend.send("EN\r\n");
                victim.expect("EN\r\n");
                assertThat(deadline.passed()).as("no mark was sent").isFalse();
                victim.send("mg k v\r\n");
            }
            backend.send("EN\r\n");

            victim.expect(FAILED);
            server.accept();
        }
    }

    @Test
    void aRequestIsAsOldAsItIsWhateverElseArrives() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.start(Configuration.direct(server.port()).setting("backend_read_timeout", 1.5));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send("VA 3000\r\n");
            Deadline deadline = Deadline.in(Deadline.USUAL);
            while (!client.hasReceived()) {
                // More than three seconds of this would be more than the reply.
                backend.sendUnlessClosed(new byte[] {'x'});
                LockSupport.parkNanos(1_000_000);
                assertThat(deadline.passed()).as("still alive").isFalse();
            }
            client.expect(FAILED);
        }
    }

    /** A proxy with a dead server behind it answers that server's keys with errors among the values of the others. */
    @Test
    void aMergedGetIsAskedAgainKeyByKeyAfterAnError() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server.port()));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("get dead\r\nget alive\r\n");
            backend.expect("get dead alive\r\n");
            backend.send("SERVER_ERROR backend failure\r\nVALUE alive 0 1\r\nx\r\nEND\r\n");
            backend.expect("get dead\r\nget alive\r\nversion\r\n");
            backend.send("SERVER_ERROR backend failure\r\nVALUE alive 0 1\r\nx\r\nEND\r\nVERSION 1.6.45\r\n");
            client.expect("SERVER_ERROR backend failure\r\nVALUE alive 0 1\r\nx\r\nEND\r\n");

            client.send("get dead\r\nget alive\r\n");
            backend.expect("get dead\r\nget alive\r\n");
            backend.send("SERVER_ERROR backend failure\r\nVALUE alive 0 1\r\nx\r\nEND\r\n");
            client.expect("SERVER_ERROR backend failure\r\nVALUE alive 0 1\r\nx\r\nEND\r\n");
            assertThat(server.acceptedConnections()).isOne();
        }
    }

    /** One loss says nothing, since servers restart; from the second on it is the sharing that is avoided. */
    @Test
    void aServerThatClosesOnGetsOfSeveralKeysIsAskedKeyByKey() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server.port()));
                RawClient client = proxy.connect()) {
            client.send("get a\r\nget b\r\n");
            closeOn("get a b\r\n", server.accept());
            client.expect(FAILED + FAILED);

            client.send("get a\r\nget b\r\n");
            closeOn("get a b\r\n", server.accept());
            ScriptedBackend.Connection backend = server.accept();
            for (int i = 0; i < 2; i++) {
                backend.expect("get a\r\nget b\r\n");
                backend.send("END\r\nVALUE b 0 1\r\nx\r\nEND\r\n");
                client.expect("END\r\nVALUE b 0 1\r\nx\r\nEND\r\n");
                client.send("get a\r\nget b\r\n");
            }
        }
    }

    private static void closeOn(String request, ScriptedBackend.Connection backend) {
        backend.expect(request);
        backend.close();
    }

    @Test
    void aServerThatDoublesValuesInGetsOfSeveralKeysIsAskedKeyByKey() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server.port()));
                ScriptedBackend.Connection doubling = server.accept();
                RawClient client = proxy.connect()) {
            client.send("get a\r\nget b\r\nget c\r\n");
            doubling.expect("get a b c\r\n");
            doubling.send("VALUE a 0 1\r\nx\r\nVALUE a 0 1\r\nx\r\nVALUE b 0 1\r\ny\r\nEND\r\n");
            ScriptedBackend.Connection backend = server.accept();
            backend.expect("get b\r\nget c\r\n");
            backend.send("VALUE b 0 1\r\ny\r\nEND\r\nEND\r\n");
            client.expect("VALUE a 0 1\r\nx\r\nEND\r\nVALUE b 0 1\r\ny\r\nEND\r\nEND\r\n");
        }
    }

    @Test
    void keysOfAHealthyServerBehindTwoProxiesDoNotFail() {
        try (MemcachedServer alive = MemcachedServer.start();
                RefusingPort dead = RefusingPort.reserve();
                ProxyUnderTest inner = ProxyUnderTest.start(Configuration.empty()
                        .setting("backend_retry_waittime", 60)
                        .pool("alive", alive.port())
                        .pool("dead", dead.port())
                        .prefix("dead", "dead")
                        .otherwise("alive"));
                ProxyUnderTest outer = ProxyUnderTest.start(Configuration.direct(inner.port()));
                RawClient client = outer.connect()) {
            client.send("set alive/1 0 0 1\r\nx\r\n");
            client.expect("STORED\r\n");
            for (int i = 0; i < 100; i++) {
                client.send("get dead/1\r\nget alive/1\r\nget dead/2\r\nget absent\r\n");
                client.expect(FAILED + "VALUE alive/1 0 1\r\nx\r\nEND\r\n" + FAILED + "END\r\n");
            }
        }
    }

    /** What is in flight beside a merged get may fail with it, once; then gets are not merged for a while. */
    @Test
    void aMergedGetThatEndsUnclearlyFailsOthersOnce() {
        try (ScriptedBackend server = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server.port()));
                RawClient client = proxy.connect();
                RawClient reader = proxy.connect();
                RawClient writer = proxy.connect()) {
            ScriptedBackend.Connection lost = server.accept();
            client.send("get dead\r\nget alive\r\n");
            lost.expect("get dead alive\r\n");
            reader.send("get alive\r\n");
            lost.expect("get alive\r\n");
            writer.send("set k 0 0 1\r\nx\r\nmg k v\r\n");
            lost.expect("set k 0 0 1\r\nx\r\nmg k v\r\n");
            lost.send(FAILED + "VALUE alive 0 1\r\nx\r\nEND\r\n");
            writer.expect(FAILED + FAILED);

            ScriptedBackend.Connection backend = server.accept();
            backend.expect("get dead\r\nget alive\r\nget alive\r\n");
            String found = "VALUE alive 0 1\r\nx\r\nEND\r\n";
            backend.send(FAILED + found + found);
            client.expect(FAILED + found);
            reader.expect(found);

            for (int i = 0; i < 3; i++) {
                client.send("get dead\r\nget alive\r\n");
                backend.expect("get dead\r\nget alive\r\n");
                reader.send("get alive\r\n");
                backend.expect("get alive\r\n");
                writer.send("set k 0 0 1\r\nx\r\nmg k v\r\n");
                backend.expect("set k 0 0 1\r\nx\r\nmg k v\r\n");
                backend.send(FAILED + found + found + "STORED\r\nVA 1\r\nx\r\n");
                client.expect(FAILED + found);
                reader.expect(found);
                writer.expect("STORED\r\nVA 1\r\nx\r\n");
            }
        }
    }

    @Test
    void otherRequestsBesideKeysOfADeadServerBehindTwoProxiesFailOnceAPause() {
        int rounds = 30;
        int atATime = 20;
        try (MemcachedServer alive = MemcachedServer.start();
                RefusingPort dead = RefusingPort.reserve();
                ProxyUnderTest inner = ProxyUnderTest.start(Configuration.empty()
                        .setting("backend_retry_waittime", 60)
                        .pool("alive", alive.port())
                        .pool("dead", dead.port())
                        .prefix("dead", "dead")
                        .otherwise("alive"));
                ProxyUnderTest outer = ProxyUnderTest.start(Configuration.direct(inner.port()));
                RawClient client = outer.connect();
                RawClient reader = outer.connect();
                RawClient writer = outer.connect();
                RawClient metaReader = outer.connect()) {
            writer.send("set alive 0 0 1\r\nx\r\n");
            writer.expect("STORED\r\n");
            String found = "VALUE alive 0 1\r\nx\r\nEND\r\n";
            long begun = System.nanoTime();
            int failed = 0;
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < atATime; i++) {
                    client.send("get dead/1\r\nget absent\r\nget alive\r\n");
                    reader.send("get alive\r\n");
                    writer.send("set k 0 0 1\r\nx\r\n");
                    metaReader.send("mg alive v\r\n");
                }
                for (int i = 0; i < atATime; i++) {
                    client.expect(FAILED + "END\r\n" + found);
                    reader.expect(found);
                    failed += failed(writer, "STORED\r\n") + failed(metaReader, "VA 1\r\nx\r\n");
                }
            }
            client.send("stats\r\n");
            Matcher closed =
                    Pattern.compile("STAT proxy_backend_failed ([0-9]+)").matcher(client.readUntil("END\r\n"));
            assertThat(closed.find()).isTrue();
            int losses = Integer.parseInt(closed.group(1));
            // The first pause of merging takes ten seconds, each further one longer.
            assertThat(losses).isLessThanOrEqualTo(1 + (int) ((System.nanoTime() - begun) / 10_000_000_000L));
            assertThat(failed).isLessThanOrEqualTo(losses * 2 * atATime);
        }
    }

    /** 1 if the next reply says that the server connection failed, 0 if it is the one expected. */
    private static int failed(RawClient client, String expected) {
        String line = client.readLine() + "\r\n";
        if (line.equals(FAILED)) {
            return 1;
        }
        assertThat(line).isEqualTo(expected.substring(0, Math.min(line.length(), expected.length())));
        client.expect(expected.substring(line.length()));
        return 0;
    }

    /** The server cannot know what will be asked. */
    @ParameterizedTest
    @ValueSource(ints = {1, 720, 5000, 100_000})
    void aReplyThatComesBeforeItsRequestIsSentIsNobodys(int length) {
        String value = "v".repeat(length);
        try (ScriptedBackend server = ScriptedBackend.startMute();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server.port()));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            backend.expect("version\r\n");
            client.send("mg a v k\r\nget a\r\n");
            proxy.awaitUnderWay(2);
            backend.send("VERSION 1.6.45\r\nVA " + length + " ka\r\n" + value + "\r\nVALUE a 0 " + length + "\r\n"
                    + value + "\r\nEND\r\n");
            client.expect(FAILED + FAILED);

            ScriptedBackend.Connection again = server.accept();
            again.expect("version\r\n");
            client.send("mg a v k\r\n");
            again.send("VERSION 1.6.45\r\n");
            again.expect("mg a v k\r\n");
            again.send("VA 1 ka\r\nx\r\n");
            client.expect("VA 1 ka\r\nx\r\n");
        }
    }

    /** Until 1.6.9 the length of the value was a flag: without it the server takes the value for commands. */
    @ParameterizedTest
    @ValueSource(strings = {"1.5.22", "1.6.0", "1.6.9"})
    void aServerTooOldForMetaCommandsIsNotSentTheirValues(String version) {
        try (ScriptedBackend server = ScriptedBackend.startMute();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server.port()));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            backend.expect("version\r\n");
            backend.send("VERSION " + version + "\r\n");
            client.send("get a\r\n");
            backend.expect("get a\r\n");
            backend.send("END\r\n");
            client.expect("END\r\n");

            client.send("ms a 1\r\nx\r\nmg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send("ERROR\r\n");
            client.expect("ERROR\r\nERROR\r\n");
        }
    }
}
