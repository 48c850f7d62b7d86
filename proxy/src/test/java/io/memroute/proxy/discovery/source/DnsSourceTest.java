package io.memroute.proxy.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.discovery.DiscoverySettings.Asking;
import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceAddress;
import io.memroute.proxy.discovery.SourceException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.DnsMasq;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Asks a real name server. */
class DnsSourceTest {

    @Test
    void dnsIsTheAddressesOfANameInBothFamilies() throws Exception {
        try (DnsMasq server = DnsMasq.start(
                "--host-record=cache.test,127.0.0.1,::1", "--host-record=cache.test,127.0.0.2", "--local-ttl=7")) {
            Source.Answer answer = ask(server, "dns+cache.test:11212");
            assertThat(answer.servers())
                    .containsExactlyInAnyOrder(
                            FoundServer.of("127.0.0.1", 11212),
                            FoundServer.of("127.0.0.2", 11212),
                            FoundServer.of("0:0:0:0:0:0:0:1", 11212));
            assertThat(answer.pause()).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void dnssrvIsTheTargetsWithTheirNamesAndAddresses() throws Exception {
        try (DnsMasq server = DnsMasq.start(
                "--srv-host=_memcache._tcp.cache.test,mc-0.cache.test,11211",
                "--srv-host=_memcache._tcp.cache.test,mc-1.cache.test,11212",
                "--host-record=mc-0.cache.test,127.0.0.4",
                "--host-record=mc-0.cache.test,127.0.0.3",
                "--host-record=mc-1.cache.test,127.0.0.2",
                "--local-ttl=7")) {
            Source.Answer answer = ask(server, "dnssrv+_memcache._tcp.cache.test");
            assertThat(answer.servers())
                    .containsExactlyInAnyOrder(
                            new FoundServer("mc-0.cache.test", "127.0.0.3", 11211),
                            new FoundServer("mc-1.cache.test", "127.0.0.2", 11212));
            assertThat(answer.pause()).isEqualTo(Duration.ofSeconds(7));
            assertThat(ask(server, "dnssrv+_memcache._tcp.cache.test:1").servers())
                    .extracting(FoundServer::port)
                    .containsExactly(1, 1);
        }
    }

    @Test
    void dnssrvnoaIsTheTargetsByName() throws Exception {
        try (DnsMasq server = DnsMasq.start(
                "--srv-host=_memcache._tcp.cache.test,mc-0.cache.test,11211",
                "--srv-host=_memcache._tcp.cache.test,mc-1.cache.test,11212")) {
            assertThat(ask(server, "dnssrvnoa+_memcache._tcp.cache.test").servers())
                    .containsExactlyInAnyOrder(
                            FoundServer.of("mc-0.cache.test", 11211), FoundServer.of("mc-1.cache.test", 11212));
        }
    }

    @Test
    void anAnswerThatIsTooLongForAPacketIsFetchedOverTcp() throws Exception {
        List<String> records = new ArrayList<>();
        IntStream.range(0, 200)
                .forEach(i -> records.add("--srv-host=_memcache._tcp.cache.test,mc-" + i
                        + ".a-rather-long-name-of-a-service.a-namespace.svc.cluster.test,11211"));
        records.add("--edns-packet-max=512");
        try (DnsMasq server = DnsMasq.start(records.toArray(String[]::new))) {
            assertThat(ask(server, "dnssrvnoa+_memcache._tcp.cache.test").servers())
                    .hasSize(200);
        }
    }

    /** Its records are a part of all: the other servers would seem to have left. */
    @Test
    void anAnswerThatIsCutShortIsNoneWhereTcpIsNotAnswered() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answerCutShort(server));
            assertThatThrownBy(() -> ask(List.of("127.0.0.1:" + server.getLocalPort()), "dnssrvnoa+cache.test"))
                    .isInstanceOf(SourceException.class);
        }
    }

    /** With one SRV record, and the flag that says that there are more. */
    private static void answerCutShort(DatagramSocket server) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                server.receive(packet);
                byte[] query = packet.getData();
                int question = 12;
                while (query[question] != 0) {
                    question += query[question] + 1;
                }
                question += 5;
                ByteBuffer answer = ByteBuffer.allocate(512).put(query, 0, question);
                answer.put(2, (byte) 0x83)
                        .put(3, (byte) 0x80)
                        .putShort(6, (short) 1)
                        .putShort(10, (short) 0);
                // The name of the question, SRV, IN, 30 s; priority, weight and port, and mc.<that name>.
                answer.putShort((short) 0xc00c)
                        .putShort((short) 33)
                        .putShort((short) 1)
                        .putInt(30);
                answer.putShort((short) 11)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) 11211);
                answer.put((byte) 2).put((byte) 'm').put((byte) 'c').putShort((short) 0xc00c);
                server.send(new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** More than are looked up at a time. dnsmasq's answers are malformed where they have more than 16 KB. */
    @Test
    void fiveHundredTargetsAreLookedUpInOneQuestion() throws Exception {
        List<String> records = new ArrayList<>();
        IntStream.range(0, 500).forEach(i -> {
            records.add("--srv-host=cache.test,mc-" + i + ".test,11211");
            records.add("--host-record=mc-" + i + ".test,127.0." + i / 200 + "." + (i % 200 + 1));
        });
        try (DnsMasq server = DnsMasq.start(records.toArray(String[]::new))) {
            assertThat(ask(server, "dnssrv+cache.test").servers())
                    .hasSize(500)
                    .contains(new FoundServer("mc-499.test", "127.0.2.100", 11211));
        }
    }

    @Test
    void aNameThatIsNotThereIsAFailure() throws Exception {
        try (DnsMasq server = DnsMasq.start("--host-record=cache.test,127.0.0.1")) {
            for (String address :
                    List.of("dns+none.test:1", "dnssrv+none.test", "dnssrvnoa+none.test", "dnssrvnoa+cache.test")) {
                assertThatThrownBy(() -> {
                            if (ask(server, address).servers().isEmpty()) {
                                throw new SourceException("no servers");
                            }
                        })
                        .as(address)
                        .isInstanceOf(SourceException.class)
                        .message()
                        .as("the same each time")
                        .doesNotContainPattern("[0-9]{2}");
            }
        }
    }

    @Test
    void oneTargetWithoutAddressFailsTheWholeAnswer() throws Exception {
        try (DnsMasq server = DnsMasq.start(
                "--srv-host=cache.test,mc-0.cache.test,11211",
                "--srv-host=cache.test,mc-1.cache.test,11211",
                "--host-record=mc-0.cache.test,127.0.0.3")) {
            assertThatThrownBy(() -> ask(server, "dnssrv+cache.test"))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("mc-1.cache.test was not resolved: ");
        }
    }

    @Test
    void aSilentNameServerIsGivenUpAndTheNextOneAsked() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DnsMasq server = DnsMasq.start("--host-record=cache.test,127.0.0.1")) {
            String first = "127.0.0.1:" + silent.getLocalPort();
            assertThatThrownBy(() -> ask(List.of(first), "dns+cache.test:1", Duration.ofSeconds(2)))
                    .isInstanceOf(SourceException.class);
            assertThat(ask(List.of(first, server.address()), "dns+cache.test:1").servers())
                    .containsExactly(FoundServer.of("127.0.0.1", 1));
        }
    }

    @Test
    void aNameServerThatSendsRubbishIsNoAnswer() throws Exception {
        try (DatagramSocket liar = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread answers = Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                        liar.receive(packet);
                        // The header and question come back as an answer with records that are not there.
                        byte[] data = packet.getData();
                        data[2] = (byte) 0x81;
                        data[7] = 9;
                        liar.send(packet);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            String address = "127.0.0.1:" + liar.getLocalPort();
            assertThatThrownBy(() -> ask(List.of(address), "dns+cache.test:1")).isInstanceOf(SourceException.class);
            assertThatThrownBy(() -> ask(List.of(address), "dnssrv+cache.test")).isInstanceOf(SourceException.class);
            assertThat(answers.isAlive()).isTrue();
        }
    }

    @Test
    void refusesAddressesThatAreNone() {
        assertThatThrownBy(() -> ask(List.of(), "dns+cache.test"))
                .hasMessage("the port is missing: expected dns+NAME:PORT");
        assertThatThrownBy(() -> ask(List.of(), "dns+:1")).hasMessage("the name is missing: expected dns+NAME:PORT");
        assertThatThrownBy(() -> ask(List.of(), "dnssrv+a:x")).hasMessageStartingWith("expected a port");
        assertThatThrownBy(() -> ask(List.of("name:53"), "dns+a:1"))
                .hasMessage("the name server \"name:53\" is not an address");
    }

    private static Source.Answer ask(DnsMasq server, String address) throws Exception {
        return ask(List.of(server.address()), address);
    }

    private static Source.Answer ask(List<String> servers, String address) throws Exception {
        return ask(servers, address, Deadline.USUAL);
    }

    private static Source.Answer ask(List<String> servers, String address, Duration timeout) throws Exception {
        try (Source source = new DnsSource(
                SourceAddress.parse(address).orElseThrow(), new Asking(Duration.ofSeconds(30), servers), timeout)) {
            return source.ask();
        }
    }
}
