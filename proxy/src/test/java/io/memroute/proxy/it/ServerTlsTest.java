package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import io.memroute.testkit.TestCertificate;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS to servers as their operators see it: real memcached, real certificates, and the lines of the log. */
class ServerTlsTest {

    @TempDir
    private static Path directory;

    private static final Map<String, TestCertificate> CERTIFICATES = new HashMap<>();

    private static TestCertificate server;
    private static TestCertificate client;

    @RegisterExtension
    final LoggedLines log = new LoggedLines("memroute", Level.WARN);

    @BeforeAll
    static void makeCertificates() {
        server = make("server", "IP:127.0.0.1,DNS:cache.example", 0, 90);
        client = make("client", "DNS:proxy.example", 0, 90);
        make("expired", "IP:127.0.0.1", -9, 2);
        make("early", "IP:127.0.0.1", 5, 2);
        make("ending", "IP:127.0.0.1", -1, 11);
        make("elsewhere", "IP:127.0.0.2", 0, 90);
    }

    private static TestCertificate make(String name, String names, int fromDay, int days) {
        TestCertificate made = TestCertificate.make(directory, name, names, fromDay, days);
        CERTIFICATES.put(name, made);
        return made;
    }

    private boolean logged(String text) {
        return log.lines().stream().anyMatch(line -> line.contains(text));
    }

    private static MemcachedServer memcached(String certificate, String... more) {
        return MemcachedServer.start(MemcachedServer.options()
                .veryVerbose()
                .tls(CERTIFICATES.get(certificate))
                .arguments(more));
    }

    private static String backend(int port, String tls) {
        return """
                settings{ backend_failure_limit = 0, backend_connect_timeout = 5, backend_read_timeout = 5 }
                pools{ main = { backends = { { host = "127.0.0.1", port = %d, label = "cache", tls = { %s } } } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(port, tls).replace("DIR", directory.toString());
    }

    private static ProxyUnderTest start(int port, String tls) throws Exception {
        return ProxyUnderTest.startText(null, backend(port, tls));
    }

    private static void serves(ProxyUnderTest proxy) {
        try (RawClient to = proxy.connect()) {
            to.send("set key 0 0 2\r\nhi\r\nget key\r\n");
            to.expect("STORED\r\nVALUE key 0 2\r\nhi\r\nEND\r\n");
        }
    }

    private void fails(ProxyUnderTest proxy, String reason) {
        try (RawClient to = proxy.connect()) {
            to.send("get key\r\n");
            to.expect("SERVER_ERROR backend failure\r\n");
        }
        Deadline.await("the line of the log", () -> logged("(badtls): " + reason));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            elsewhere; ca = "DIR/elsewhere.crt"; certificate not for this server: no subject alternative names
            server;    ca = "DIR/server.crt", name = "other.example"; certificate not for this server: no
            expired;   ca = "DIR/expired.crt";   certificate expired (NotAfter:
            early;     ca = "DIR/early.crt";     certificate not valid yet (NotBefore:
            server;    ca = "DIR/client.crt";    certificate not signed by a trusted authority
            server;    verify = true;            certificate not signed by a trusted authority
            """)
    void sendsNothingToAServerWhoseCertificateIsNotAccepted(String certificate, String tls, String reason)
            throws Exception {
        try (MemcachedServer memcached = memcached(certificate);
                ProxyUnderTest proxy = start(memcached.port(), tls)) {
            fails(proxy, "TLS handshake failed: " + reason);
            assertThat(memcached.output()).doesNotContain("version", "get key");
        }
    }

    @Test
    void showsItsCertificateToAServerThatRequiresOne() throws Exception {
        try (MemcachedServer memcached =
                memcached("server", "-o", "ssl_verify_mode=2,ssl_ca_cert=" + client.certificateFile())) {
            try (ProxyUnderTest proxy = start(
                    memcached.port(), "ca = \"DIR/server.crt\", cert = \"DIR/client.crt\", key = \"DIR/client.key\"")) {
                serves(proxy);
            }
            try (ProxyUnderTest proxy = start(memcached.port(), "ca = \"DIR/server.crt\"")) {
                fails(proxy, "TLS handshake failed: the server refused with the alert ");
            }
        }
    }

    /** OpenSSL ends a handshake in which it is offered a session, if it asks for certificates and keeps none. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            2; , cert = "DIR/client.crt", key = "DIR/client.key"; 0
            1; ;                                                  1
            """)
    void offersNoSessionToAServerThatCannotResumeOne(int verifyMode, String own, int refusals) throws Exception {
        try (MemcachedServer memcached = memcached(
                "server", "-o", "ssl_verify_mode=" + verifyMode + ",ssl_ca_cert=" + client.certificateFile())) {
            String lua = backend(memcached.port(), "ca = \"DIR/server.crt\"" + (own == null ? "" : own));
            try (ProxyUnderTest proxy = ProxyUnderTest.startText(null, lua.replace("DIR", directory.toString()))) {
                serves(proxy);
                for (int i = 0; i < 5; i++) {
                    String label = "again" + i;
                    assertThat(proxy.reload(lua.replace("DIR", directory.toString())
                                            .replace("\"cache\"", '"' + label + '"'))
                                    .failure())
                            .isEmpty();
                    Deadline.await("a connection of " + label, () -> isServed(proxy));
                }
            }
            assertThat(log.lines().stream()
                            .filter(line -> line.contains("(badtls)"))
                            .count())
                    .isLessThanOrEqualTo(refusals);
        }
    }

    private static boolean isServed(ProxyUnderTest proxy) {
        try (RawClient to = proxy.connect()) {
            to.send("get nothing\r\nquit\r\n");
            return new String(to.readToEnd(), StandardCharsets.ISO_8859_1).equals("END\r\n");
        }
    }

    @Test
    void readsItsCertificateAgainAtAReload() throws Exception {
        Path shown = directory.resolve("rotated.pem");
        Files.copy(directory.resolve("ending.crt"), shown, StandardCopyOption.REPLACE_EXISTING);
        Path key = directory.resolve("rotated.key");
        Files.copy(directory.resolve("ending.key"), key, StandardCopyOption.REPLACE_EXISTING);
        try (MemcachedServer memcached =
                memcached("server", "-o", "ssl_verify_mode=2,ssl_ca_cert=" + client.certificateFile())) {
            String lua = backend(
                    memcached.port(), "ca = \"DIR/server.crt\", cert = \"" + shown + "\", key = \"" + key + "\"");
            try (ProxyUnderTest proxy = ProxyUnderTest.startText(null, lua)) {
                fails(proxy, "TLS handshake failed: the server refused with the alert ");
                Files.copy(client.certificateFile(), shown, StandardCopyOption.REPLACE_EXISTING);
                // The key is still the other's: nothing changes.
                assertThat(proxy.reload(lua).failure())
                        .hasValueSatisfying(failure -> assertThat(failure)
                                .hasMessageContaining("tls: cert: Error validating the certificate: the key in"));
                Files.copy(client.keyFile(), key, StandardCopyOption.REPLACE_EXISTING);
                assertThat(proxy.reload(lua).failure()).isEmpty();
                serves(proxy);
            }
        }
    }

    @Test
    void saysThatAServerDoesNotSpeakTls() throws Exception {
        try (ScriptedBackend plain = ScriptedBackend.startMute();
                ProxyUnderTest proxy = start(plain.port(), "ca = \"DIR/server.crt\"")) {
            plain.accept().send("ERROR\r\n");
            fails(proxy, "TLS handshake failed: the server does not speak TLS");
        }
    }

    @Test
    void saysThatAServerClosesInTheHandshake() throws Exception {
        try (ScriptedBackend closing = ScriptedBackend.startMute();
                ProxyUnderTest proxy = start(closing.port(), "ca = \"DIR/server.crt\"")) {
            try (ScriptedBackend.Connection connection = closing.accept()) {
                connection.read(5);
                connection.halfClose();
                fails(proxy, "TLS handshake failed: the server closed the connection; does it speak TLS?");
            }
        }
    }

    @Test
    void warnsOfCertificatesThatEndSoon() throws Exception {
        try (MemcachedServer memcached = memcached("ending");
                ProxyUnderTest proxy = start(memcached.port(), "ca = \"DIR/ending.crt\"")) {
            serves(proxy);
            assertThat(logged("the certificate of backend cache expires in 9 days, at "))
                    .isTrue();
            assertThat(logged("a certificate in \"" + directory + "/ending.crt\" expires in 9 days, at "))
                    .isTrue();
        }
    }

    /** memroute as the server counts sessions that are not resumed, whatever the version of TLS. */
    @Test
    void resumesSessions() throws Exception {
        TlsSettings settings = TlsSettings.builder(server.certificateFile(), server.keyFile())
                .sessionCache(true)
                .handshakeLimit(Deadline.USUAL)
                .build();
        ServerOptions options = ServerOptions.builder()
                .workers(1)
                .tls(settings)
                .listener(ListenerSpec.tcp("127.0.0.1", 0).encrypted(ListenerTls.USUAL))
                .build();
        try (ProxyServer behind = ProxyServer.start(options)) {
            int port = ((InetSocketAddress) behind.addresses().getFirst()).getPort();
            String lua = backend(port, "ca = \"DIR/server.crt\"");
            try (ProxyUnderTest proxy = ProxyUnderTest.startText(null, lua)) {
                serves(proxy);
                // Another backend to the proxy, and the same server: a new connection.
                assertThat(proxy.reload(lua.replace("\"cache\"", "\"again\"")).failure())
                        .isEmpty();
                serves(proxy);
            }
            assertThat(behind.tls().orElseThrow().counters().newSessions()).isEqualTo(1);
        }
    }
}
