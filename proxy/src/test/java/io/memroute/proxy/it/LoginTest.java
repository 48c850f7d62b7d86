package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that have to log in before anything else, as with memcached's {@code -Y}. */
class LoginTest {

    private static final String RIGHT = "set _ _ _ 13\r\nfoo open bars\r\n";
    private static final String WRONG = "set _ _ _ 13\r\nfoo open door\r\n";

    @TempDir
    private Path directory;

    private Path passwords(String text) throws IOException {
        return Files.writeString(directory.resolve("passwords"), text);
    }

    private static ProxyServer start(Path passwords, UnaryOperator<ServerOptions.Builder> more) throws Exception {
        return ProxyServer.start(more.apply(ServerOptions.builder()
                        .workers(1)
                        .passwords(passwords)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0)))
                .build());
    }

    private static ProxyServer start(Path passwords) throws Exception {
        return start(passwords, options -> options);
    }

    private static SocketAddress address(ProxyServer running) {
        return running.addresses().getFirst();
    }

    private static String said(SocketAddress to, String bytes) {
        try (RawClient client = RawClient.connect(to)) {
            client.sendUnlessClosed(bytes.getBytes(StandardCharsets.ISO_8859_1));
            client.halfClose();
            return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * What memcached 1.6.45 answers to lines sent one by one; a line that is too short, as {@code quit} is, closes the
     * connection.
     */
    static Stream<Arguments> handshakes() {
        return Stream.of(
                Arguments.of("set _ _ _ 13\r\nfoo open bars\r\nmn\r\nquit\r\n", "STORED\r\nMN\r\n"),
                Arguments.of(
                        "set foo 0 0 13\r\nfoo open bars\r\nset a 0 0 1\r\n1\r\nget a\r\nquit\r\n",
                        "STORED\r\nSTORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n"),
                Arguments.of("set a b c 13 noreply more words\r\nfoo open bars\r\nquit\r\n", "STORED\r\n"),
                Arguments.of(
                        "set _ _ _ 13\r\nfoo open door\r\nset _ _ _ 13\r\nfoo open bars\r\nquit\r\n",
                        "CLIENT_ERROR authentication failure\r\nSTORED\r\n"),
                Arguments.of(
                        "set _ _ _ 13\nset _ _ _ 13 \nfoo open bars\r\nquit\r\n",
                        "CLIENT_ERROR unauthenticated\r\nSTORED\r\n"),
                Arguments.of("set _ _ _ 13\t\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of("set _ _ _ 13\r\r\nfoo open bars\r\nquit\r\n", "STORED\r\n"),
                Arguments.of("set _ _ _ 13 x\nfoo open bars\r\nquit\r\n", "STORED\r\n"),
                Arguments.of("quit\r\n", ""),
                Arguments.of("mn\r\n", ""),
                Arguments.of("version\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of("get foo\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of(
                        "add _ _ _ 13\r\nfoo open bars\r\nset _ _ _ 13\r\nfoo open bars\r\nquit\r\n",
                        "CLIENT_ERROR unauthenticated\r\nCLIENT_ERROR unauthenticated\r\nSTORED\r\n"),
                Arguments.of("set _ _ _\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of("set _ _ _ x\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of("set _ _ _ -1\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of("set _ _ _ 16385\r\nquit\r\n", "CLIENT_ERROR auth token too long\r\n"),
                Arguments.of("set _ _ _ 4294967296\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of(
                        "set _ _ _ 12\r\nfoo open bars\r\nquit\r\n", "CLIENT_ERROR bad command line termination\r\n"),
                Arguments.of("set _ _ _ 7\r\nfoobars\r\nquit\r\n", "CLIENT_ERROR bad authentication token format\r\n"),
                Arguments.of("set _ _ _ 3\r\nfoo\r\nquit\r\n", "CLIENT_ERROR bad authentication token format\r\n"),
                Arguments.of(
                        "ms foo 13\r\nfoo open bars\r\nquit\r\n",
                        "CLIENT_ERROR unauthenticated\r\nCLIENT_ERROR unauthenticated\r\n"),
                Arguments.of(" set _ _ _ 13\r\nquit\r\n", "CLIENT_ERROR unauthenticated\r\n"),
                Arguments.of("settle _ _ _ 13\r\nfoo open bars\r\nquit\r\n", "STORED\r\n"),
                Arguments.of("set _ _ _ 0\r\n\r\nquit\r\n", "CLIENT_ERROR bad authentication token format\r\n"));
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void everyHandshakeIsAnsweredAsByMemcached(String bytes, String replies) throws Exception {
        try (ProxyServer running = start(passwords("baz:quux\nfoo:open bars\n"))) {
            assertThat(said(address(running), bytes)).isEqualTo(replies);
        }
    }

    @Test
    void everyHandshakeMayComeByteByByte() throws Exception {
        try (ProxyServer running = start(passwords("foo:open bars\n"));
                RawClient client = RawClient.connect(address(running))) {
            for (byte b : (RIGHT + "mn\r\n").getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            client.expect("STORED\r\nMN\r\n");
        }
    }

    @Test
    void junkWithoutALineEndIsClosed() throws Exception {
        try (ProxyServer running = start(passwords("foo:open bars\n"));
                RawClient client = RawClient.connect(address(running))) {
            client.send("x".repeat(2049));
            client.expectClosed();
        }
    }

    @Test
    void aListenerMayLetEverybodyIn() throws Exception {
        ListenerSpec open = ListenerSpec.tcp("127.0.0.1", 0).withoutLogin();
        try (ProxyServer running = start(passwords("foo:open bars\n"), options -> options.listener(open));
                RawClient client = RawClient.connect(running.addresses().get(1))) {
            client.send("mn\r\n");
            client.expect("MN\r\n");
            client.send("stats settings\r\n");
            assertThat(client.readUntil("END\r\n"))
                    .contains("STAT auth_enabled_ascii " + directory.resolve("passwords") + "\r\n")
                    .doesNotContain("open bars");
        }
    }

    @Test
    void aHashedPasswordIsCheckedAndRequestsBehindItWait() throws Exception {
        String hash = OpenBSDBCrypt.generate("2b", "open bars".toCharArray(), "0123456789abcdef".getBytes(), 4);
        try (ProxyServer running = start(passwords("foo:" + hash + "\n"))) {
            // The second time the hash need not be computed.
            for (int i = 0; i < 2; i++) {
                assertThat(said(address(running), WRONG + RIGHT + "mn\r\nquit\r\n"))
                        .isEqualTo("CLIENT_ERROR authentication failure\r\nSTORED\r\nMN\r\n");
            }
            assertThat(said(address(running), "set _ _ _ 13\r\nnobody open x\r\nquit\r\n"))
                    .isEqualTo("CLIENT_ERROR authentication failure\r\n");
        }
    }

    /** A thousand logins from one address, each with a hash to compute, and others who want to be served meanwhile. */
    @Test
    void aFloodOfHashesKeepsNeitherClientsNorLoginsFromOtherAddressesWaiting() throws Exception {
        String hash = OpenBSDBCrypt.generate("2b", "open bars".toCharArray(), "0123456789abcdef".getBytes(), 10);
        ListenerSpec open = ListenerSpec.tcp("127.0.0.1", 0).withoutLogin();
        List<Socket> flood = new ArrayList<>();
        try (ProxyServer running = start(passwords("foo:" + hash + "\n"), options -> options.listener(open));
                RawClient other = RawClient.connect(running.addresses().get(1))) {
            InetSocketAddress to = (InetSocketAddress) address(running);
            for (int i = 0; i < 1000; i++) {
                Socket socket = new Socket(to.getAddress(), to.getPort(), InetAddress.getByName("127.0.0.9"), 0);
                // Reset when it is closed.
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(WRONG.getBytes(StandardCharsets.ISO_8859_1));
                flood.add(socket);
            }
            Deadline.await("all logins to be seen", () -> stat(other, "auth_cmds") == 1000);
            for (int i = 0; i < 100; i++) {
                other.send("mn\r\n");
                other.expect("MN\r\n");
            }
            assertThat(said(address(running), RIGHT)).isEqualTo("STORED\r\n");
            long answered = stat(other, "auth_errors");
            assertThat(answered).as("logins of the flood answered before it").isLessThan(900);

            // Those who have gone leave no work behind.
            for (Socket socket : flood) {
                socket.close();
            }
            Deadline.await(
                    "the end of the flood's connections",
                    () -> stat(other, "curr_connections") == 1 && stat(other, "auth_cmds") == 1001);
            long checked = stat(other, "auth_errors");
            assertThat(said(address(running), WRONG)).isEqualTo("CLIENT_ERROR authentication failure\r\n");
            assertThat(stat(other, "auth_errors")).isLessThan(checked + 100);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    private static long stat(RawClient client, String name) {
        client.send("stats\r\n");
        return client.readUntil("END\r\n")
                .lines()
                .filter(line -> line.startsWith("STAT " + name + " "))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.lastIndexOf(' ') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void failuresAreSlowedCountedAndHarmNobodyElse() throws Exception {
        ListenerSpec open = ListenerSpec.tcp("127.0.0.1", 0).withoutLogin();
        try (ProxyServer running = start(passwords("foo:open bars\n"), options -> options.listener(open));
                RawClient guessing = RawClient.connect(address(running));
                RawClient other = RawClient.connect(running.addresses().get(1))) {
            guessing.send(WRONG.repeat(5) + RIGHT);
            guessing.expect("CLIENT_ERROR authentication failure\r\n".repeat(3));
            other.send("mn\r\n");
            other.expect("MN\r\n");
            long before = System.nanoTime();
            guessing.expect("CLIENT_ERROR authentication failure\r\n".repeat(2));
            assertThat(System.nanoTime() - before).isGreaterThan(100_000_000);
            guessing.expect("STORED\r\n");
            other.send("stats\r\n");
            assertThat(other.readUntil("END\r\n")).contains("STAT auth_cmds 6\r\n", "STAT auth_errors 5\r\n");
        }
    }

    @Test
    void aReloadTakesTheFileOrKeepsWhatItHad() throws Exception {
        Path passwords = passwords("foo:open bars\n");
        try (ProxyServer running = start(passwords)) {
            passwords("foo:shut bars\n");
            assertThat(running.reload().get().succeeded()).isTrue();
            assertThat(said(address(running), RIGHT)).isEqualTo("CLIENT_ERROR authentication failure\r\n");

            passwords("foo:open bars\nnonsense\n");
            assertThat(running.reload().get().failure().orElseThrow())
                    .hasMessage("passwords: Authfile [" + passwords + "] has a malformed entry."
                            + " Should be 'user:password' (line 2)");
            assertThat(said(address(running), "set _ _ _ 13\r\nfoo shut bars\r\n"))
                    .isEqualTo("STORED\r\n");
        }
    }

    @Test
    void aClientThatDoesNotLogInIsClosedAfterTheTimeOfARequest() throws Exception {
        try (ProxyServer running =
                        start(passwords("foo:open bars\n"), options -> options.clientTimes(new ClientTimes(0, 1)));
                RawClient silent = RawClient.connect(address(running))) {
            silent.expectClosed();
        }
    }

    @Test
    void filesThatCannotBeUsedEndTheStart() throws Exception {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> start(missing))
                .hasMessage("Could not open authfile [" + missing + "] for reading, error no such file or directory");
        Path malformed = passwords("foo:bar\n\n");
        assertThatThrownBy(() -> start(malformed))
                .hasMessageContaining("has a malformed entry")
                .hasMessageContaining("line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "03", "16", "31"})
    void aHashOfACostThatIsTooLowOrTooHighEndsTheStart(String cost) throws Exception {
        Path file = passwords("foo:$2b$" + cost + "$" + "a".repeat(53) + "\n");
        assertThatThrownBy(() -> start(file)).hasMessageContaining("The cost of a bcrypt hash may be 4 to 15 (line 1)");
    }

    /** A reader of the file could log in with it, and the user could not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2y$10$tooshort",
                "$2y$10$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
                "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub",
                "$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub",
                "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
                "$1$abc$BXBqpb9BZcZhXLgbee.0s/",
                "$6$rounds=5000$salt$hash",
                "$y$j9T$salt$hash",
                "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="
            })
    void aHashThatIsNoneOfBcryptIsNotTakenForAPassword(String hash) throws Exception {
        Path file = passwords("baz:quux\nfoo:" + hash + "\n");
        assertThatThrownBy(() -> start(file))
                .hasMessageContaining("A hash has to be a whole one of bcrypt")
                .hasMessageContaining("line 2")
                .hasMessageNotContaining(hash);
    }

    @Test
    void aPasswordMayHaveDollarsAndBraces() throws Exception {
        try (ProxyServer running = start(passwords("foo:$open$ {bars}\n"))) {
            assertThat(said(address(running), "set _ _ _ 17\r\nfoo $open$ {bars}\r\nquit\r\n"))
                    .isEqualTo("STORED\r\n");
        }
    }

    /** From many addresses, so that the answers need not wait. */
    @Test
    void tenThousandFailedLoginsCostNoMemory() throws Exception {
        try (ProxyServer running = start(passwords("foo:open bars\n"))) {
            InetSocketAddress to = (InetSocketAddress) address(running);
            long before = MemoryUse.bytesToRelease();
            byte[] wrong = WRONG.repeat(3).getBytes(StandardCharsets.ISO_8859_1);
            byte[] answers = "CLIENT_ERROR authentication failure\r\n".repeat(3).getBytes(StandardCharsets.ISO_8859_1);
            List<Future<byte[]>> answered = new ArrayList<>();
            try (ExecutorService clients = Executors.newFixedThreadPool(32)) {
                for (int i = 0; i < 3334; i++) {
                    InetAddress from = InetAddress.getByAddress(new byte[] {127, 1, (byte) (i >> 8), (byte) i});
                    answered.add(clients.submit(() -> {
                        try (Socket socket = new Socket(to.getAddress(), to.getPort(), from, 0)) {
                            socket.getOutputStream().write(wrong);
                            return socket.getInputStream().readNBytes(answers.length);
                        }
                    }));
                }
            }
            for (Future<byte[]> each : answered) {
                assertThat(each.get()).isEqualTo(answers);
            }
            Deadline.await("the memory of failed logins to be given back", () -> MemoryUse.bytesToRelease() <= before);
        }
    }
}
