package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsFileException;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TestCertificate;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to clients, as OpenSSL, Python and the JDK see it. */
class ClientTlsTest {

    @TempDir
    private static Path directory;

    private static TestCertificate server;
    private static TestCertificate other;
    private static TestCertificate client;

    @BeforeAll
    static void makeCertificates() {
        server = TestCertificate.make(directory, "server", "IP:127.0.0.1,DNS:cache.example");
        other = TestCertificate.make(directory, "other", "IP:127.0.0.1,DNS:*.shop.example");
        client = TestCertificate.make(directory, "client", "DNS:app.example");
    }

    private static TlsSettings settings(TestCertificate shown) {
        return TlsSettings.of(shown.certificateFile(), shown.keyFile());
    }

    private static TlsSettings verifying(TlsSettings.Verify verify, boolean sessionCache, int minimumVersion) {
        return TlsSettings.builder(server.certificateFile(), server.keyFile())
                .more(List.of(new TlsSettings.Pair(other.certificateFile(), other.keyFile())))
                .verify(verify)
                .authorities(Optional.of(client.certificateFile()))
                .sessionCache(sessionCache)
                .minimumVersion(minimumVersion)
                .build();
    }

    private static TlsSettings withKey(Path key, TlsSettings.KeyFormat format, Optional<Path> password) {
        return TlsSettings.builder(server.certificateFile(), key)
                .keyFormat(format)
                .keyPassword(password)
                .handshakeLimit(Duration.ofSeconds(1))
                .build();
    }

    /** One worker and the embedded store; listeners with these kinds of TLS, in this order. */
    private static ProxyServer start(TlsSettings settings, ListenerTls... listeners) throws Exception {
        ServerOptions.Builder options = ServerOptions.builder().workers(1).tls(settings);
        for (ListenerTls tls : listeners) {
            options.listener(ListenerSpec.tcp("127.0.0.1", 0).encrypted(tls));
        }
        return ProxyServer.start(options.build());
    }

    private static int port(ProxyServer running, int listener) {
        return ((InetSocketAddress) running.addresses().get(listener)).getPort();
    }

    private static int port(ProxyServer running) {
        return port(running, 0);
    }

    private static String run(String input, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!input.isEmpty()) {
                process.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
                process.getOutputStream().close();
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor(Deadline.USUAL.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.require("openssl", "openssl").toString());
        command.addAll(List.of(arguments));
        return run("", command);
    }

    /** Sends the lines by way of {@code openssl s_client}, the last being {@code quit}; returns all that it prints. */
    private static String sClient(int port, String lines, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.require("openssl", "openssl").toString(),
                "s_client",
                "-ign_eof",
                "-connect",
                "127.0.0.1:" + port));
        command.addAll(List.of(options));
        return run(lines, command);
    }

    private static SSLSocket connect(int port, TestCertificate trusted) throws IOException {
        SSLSocket socket =
                (SSLSocket) trusted.clientContext().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout((int) Deadline.USUAL.toMillis());
        return socket;
    }

    private static String ask(SSLSocket socket, String request, int replyBytes) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readNBytes(replyBytes), StandardCharsets.ISO_8859_1);
    }

    private static X509Certificate shown(int port, TestCertificate trusted, String name) throws IOException {
        try (SSLSocket socket = connect(port, trusted)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensslIsServedOverBothVersions(String version) throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL)) {
            String said = sClient(
                    port(running),
                    "set a 0 0 5\r\nhello\r\nget a\r\nquit\r\n",
                    version,
                    "-CAfile",
                    server.certificateFile().toString(),
                    "-verify_return_error");

            assertThat(said).contains("STORED\r\nVALUE a 0 5\r\nhello\r\nEND\r\n");
        }
    }

    @Test
    void pythonStoresAndReadsALargeValue() throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL)) {
            String program = """
                    import socket, ssl
                    context = ssl.create_default_context(cafile=%r)
                    with socket.create_connection(("127.0.0.1", %d)) as plain:
                        with context.wrap_socket(plain, server_hostname="127.0.0.1") as client:
                            value = bytes(range(256)) * 2000
                            client.sendall(b"set big 0 0 %%d\\r\\n" %% len(value) + value + b"\\r\\nget big\\r\\n")
                            expected = b"STORED\\r\\nVALUE big 0 %%d\\r\\n" %% len(value) + value + b"\\r\\nEND\\r\\n"
                            got = b""
                            while len(got) < len(expected):
                                got += client.recv(65536)
                            print(got == expected)
                    """.replace("%r", "'" + server.certificateFile() + "'")
                    .replace("%d,", "%d")
                    .formatted(port(running));
            assertThat(run(
                            "",
                            List.of(ChildProcess.require("python3", "python3").toString(), "-c", program)))
                    .isEqualTo("True\n");
        }
    }

    /** What a client sends just before it resets is still computed, and nobody is left to be told. */
    @Test
    void saysNothingOfAHandshakeWhoseClientHasGone() throws Exception {
        SslHandler handler =
                ClientTls.open(settings(server)).handler(ListenerTls.USUAL, UnpooledByteBufAllocator.DEFAULT);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        ChannelHandlerContext context = channel.pipeline().context(handler);
        channel.pipeline().remove(handler);
        handler.exceptionCaught(context, new SSLHandshakeException("too late"));
        channel.checkException();
    }

    @Test
    void aListenerWithoutTlsIsPlainBesideOneWithIt() throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL, ListenerTls.NONE);
                RawClient plain = RawClient.connect(port(running, 1));
                SSLSocket encrypted = connect(port(running), server)) {
            assertThat(ask(encrypted, "set a 0 0 1\r\n1\r\n", 8)).isEqualTo("STORED\r\n");
            plain.send("get a\r\n");
            plain.expect("VALUE a 0 1\r\n1\r\nEND\r\n");
        }
    }

    @Test
    void mutualTlsNeedsACertificateAndBasicTlsAsksForNone() throws Exception {
        TlsSettings verifying = verifying(TlsSettings.Verify.REQUEST, false, 2);
        try (ProxyServer running = start(verifying, ListenerTls.MUTUAL, ListenerTls.BASIC, ListenerTls.USUAL)) {
            String[] shown = {
                "-cert",
                client.certificateFile().toString(),
                "-key",
                client.keyFile().toString()
            };
            assertThat(sClient(port(running, 0), "mn\r\nquit\r\n", shown)).contains("MN\r\n");
            assertThat(sClient(port(running, 0), "mn\r\nquit\r\n")).doesNotContain("MN\r\n");
            assertThat(sClient(port(running, 1), "mn\r\nquit\r\n"))
                    .contains("MN\r\n")
                    .contains("No client certificate CA names sent");
            assertThat(sClient(port(running, 2), "mn\r\nquit\r\n")).contains("MN\r\n");
            // A certificate that is sent must be one that is trusted, required or not.
            String[] foreign = {
                "-cert",
                other.certificateFile().toString(),
                "-key",
                other.keyFile().toString()
            };
            assertThat(sClient(port(running, 2), "mn\r\nquit\r\n", foreign)).doesNotContain("MN\r\n");
        }
    }

    @Test
    void aLuaFunctionIsToldTheCommonNameOfTheClient() throws Exception {
        Path program = Files.writeString(directory.resolve("cn.lua"), """
                function mcp_config_pools() return 1 end
                function mcp_config_routes()
                  local fgen = mcp.funcgen_new()
                  fgen:ready({ n = "cn", f = function(rctx)
                    return function(r)
                      return "SERVER_ERROR " .. tostring(rctx:tls_peer_cn()) .. "\\r\\n"
                    end
                  end })
                  mcp.attach(mcp.CMD_ANY_STORAGE, fgen)
                end
                """);
        try (ProxyServer running = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .tls(verifying(TlsSettings.Verify.REQUEST, false, 2))
                .configuration(new ConfigSource(List.of(program.toString()), Optional.empty()))
                .listener(ListenerSpec.tcp("127.0.0.1", 0).encrypted(ListenerTls.USUAL))
                .build())) {
            assertThat(sClient(
                            port(running),
                            "get a\r\nquit\r\n",
                            "-cert",
                            client.certificateFile().toString(),
                            "-key",
                            client.keyFile().toString()))
                    .contains("SERVER_ERROR client\r\n");
            assertThat(sClient(port(running), "get a\r\nquit\r\n")).contains("SERVER_ERROR nil\r\n");
        }
    }

    @Test
    void theCertificateIsTheOneForTheNameAskedFor() throws Exception {
        try (ProxyServer running = start(verifying(TlsSettings.Verify.NONE, false, 2), ListenerTls.USUAL)) {
            assertThat(shown(port(running), other, "eu.shop.example")).isEqualTo(other.certificate());
            assertThat(shown(port(running), server, "cache.example")).isEqualTo(server.certificate());
            assertThat(shown(port(running), server, "unknown.example")).isEqualTo(server.certificate());
        }
    }

    @Test
    void aMinimumOf13RefusesAClientOf12() throws Exception {
        try (ProxyServer running = start(verifying(TlsSettings.Verify.NONE, false, 3), ListenerTls.USUAL)) {
            assertThat(sClient(port(running), "mn\r\nquit\r\n", "-tls1_2")).doesNotContain("MN\r\n");
            assertThat(sClient(port(running), "mn\r\nquit\r\n", "-tls1_3")).contains("MN\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void sessionsAreResumedOnlyIfAskedFor(String version) throws Exception {
        Path session = directory.resolve("session" + version);
        for (boolean cache : new boolean[] {false, true}) {
            Files.deleteIfExists(session);
            try (ProxyServer running = start(verifying(TlsSettings.Verify.NONE, cache, 2), ListenerTls.USUAL)) {
                String lines = "mn\r\nquit\r\n";
                sClient(port(running), lines, version, "-sess_out", session.toString());
                String second = Files.exists(session)
                        ? sClient(port(running), lines, version, "-sess_in", session.toString())
                        : sClient(port(running), lines, version);
                assertThat(second).as("with a cache: " + cache).contains(cache ? "Reused, " : "New, ");
                if (cache) {
                    // The first, and that of the client that asks here.
                    assertThat(stats(running, "stats\r\n")).contains("STAT ssl_new_sessions 2\r\n");
                } else {
                    assertThat(stats(running, "stats\r\n")).doesNotContain("ssl_new_sessions");
                }
            }
        }
    }

    private static String stats(ProxyServer running, String command) throws IOException {
        try (SSLSocket socket = connect(port(running), server)) {
            socket.getOutputStream().write((command + "quit\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void certificatesAreReplacedByReloadsAndByTheCommandUnlessTheyAreBroken() throws Exception {
        Path chain = Files.copy(server.certificateFile(), directory.resolve("live.crt"));
        Path key = Files.copy(server.keyFile(), directory.resolve("live.key"));
        try (ProxyServer running = start(TlsSettings.of(chain, key), ListenerTls.USUAL);
                SSLSocket before = connect(port(running), server)) {
            assertThat(ask(before, "mn\r\n", 4)).isEqualTo("MN\r\n");

            // The key alone does not fit: all stays.
            Files.copy(other.keyFile(), key, StandardCopyOption.REPLACE_EXISTING);
            String refusal = "Error validating the certificate: the key in " + key
                    + " does not belong to the first certificate in " + chain;
            assertThat(ask(before, "refresh_certs\r\n", refusal.length() + 2)).isEqualTo(refusal + "\r\n");
            assertThat(running.reload().get().failure().orElseThrow()).hasMessageContaining(refusal);
            assertThat(shown(port(running), server, "cache.example")).isEqualTo(server.certificate());

            Files.copy(other.certificateFile(), chain, StandardCopyOption.REPLACE_EXISTING);
            assertThat(ask(before, "refresh_certs\r\n", 4)).isEqualTo("OK\r\n");
            assertThat(shown(port(running), other, "cache.example")).isEqualTo(other.certificate());
            assertThat(ask(before, "mn\r\n", 4)).isEqualTo("MN\r\n");

            Files.copy(server.certificateFile(), chain, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(server.keyFile(), key, StandardCopyOption.REPLACE_EXISTING);
            assertThat(running.reload().get().succeeded()).isTrue();
            assertThat(shown(port(running), server, "cache.example")).isEqualTo(server.certificate());
        }
    }

    /** As tools write files: text above each part, and certificate, key and authorities in one. */
    @Test
    void takesAFileThatHasEverything() throws Exception {
        Path all = Files.writeString(
                directory.resolve("all.pem"),
                "subject= CN = server\n" + Files.readString(server.certificateFile()) + "Bag Attributes\n"
                        + Files.readString(server.keyFile()) + "issuer= CN = other\n"
                        + Files.readString(other.certificateFile()));
        try (ProxyServer running = start(TlsSettings.of(all, all), ListenerTls.USUAL)) {
            assertThat(shown(port(running), server, "cache.example")).isEqualTo(server.certificate());
        }
    }

    @Test
    void exchangesCertificatesUnderLoadWithoutAFailedRequest() throws Exception {
        Path chain = Files.copy(server.certificateFile(), directory.resolve("loaded.crt"));
        Path key = Files.copy(server.keyFile(), directory.resolve("loaded.key"));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        try (ProxyServer running = start(TlsSettings.of(chain, key), ListenerTls.USUAL);
                SSLSocket kept = connect(port(running), server)) {
            SSLContext either = trustingAll();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(CompletableFuture.runAsync(() -> {
                    while (!done.get()) {
                        try (SSLSocket socket =
                                (SSLSocket) either.getSocketFactory().createSocket("127.0.0.1", port(running))) {
                            assertThat(ask(socket, "mn\r\n", 4)).isEqualTo("MN\r\n");
                            answered.incrementAndGet();
                        } catch (Exception e) {
                            throw new AssertionError("after " + answered.get() + " requests", e);
                        }
                    }
                }));
            }
            for (int i = 0; i < 20; i++) {
                TestCertificate next = i % 2 == 0 ? other : server;
                Files.copy(next.certificateFile(), chain, StandardCopyOption.REPLACE_EXISTING);
                Files.copy(next.keyFile(), key, StandardCopyOption.REPLACE_EXISTING);
                int before = answered.get();
                assertThat(running.reload().get().succeeded()).isTrue();
                Deadline.await(
                        "requests after a reload",
                        () -> answered.get() > before + 2 || clients.stream().anyMatch(CompletableFuture::isDone));
                assertThat(ask(kept, "mn\r\n", 4)).isEqualTo("MN\r\n");
            }
            done.set(true);
            for (CompletableFuture<Void> client : clients) {
                client.get(Deadline.USUAL.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(running.tls().orElseThrow().counters().handshakeErrors()).isZero();
        }
    }

    private static SSLContext trustingAll() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    @Test
    void refreshingCertificatesWithoutTlsIsAnError() throws Exception {
        try (ProxyServer running = ProxyServer.start(ServerOptions.builder()
                        .workers(1)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .build());
                RawClient plain = RawClient.connect(port(running))) {
            plain.send("refresh_certs\r\nmn\r\n");
            plain.expect("Error TLS not enabled\r\nMN\r\n");
        }
    }

    @Test
    void keysMayBeInEveryUsualForm() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "open sesame\n");
        String plain = server.keyFile().toString();
        Path sec1 = directory.resolve("sec1.key");
        openssl("ec", "-in", plain, "-out", sec1.toString());
        Path oldStyle = directory.resolve("old.key");
        openssl("ec", "-in", plain, "-aes128", "-passout", "pass:open sesame", "-out", oldStyle.toString());
        Path encrypted = directory.resolve("encrypted.key");
        openssl("pkcs8", "-topk8", "-in", plain, "-passout", "pass:open sesame", "-out", encrypted.toString());
        Path der = directory.resolve("key.der");
        openssl("pkcs8", "-topk8", "-nocrypt", "-in", plain, "-outform", "DER", "-out", der.toString());
        Path derSec1 = directory.resolve("sec1.der");
        openssl("ec", "-in", plain, "-outform", "DER", "-out", derSec1.toString());
        Path both = directory.resolve("both.pem");
        Files.writeString(both, Files.readString(server.certificateFile()) + Files.readString(sec1));

        assertThat(Files.readString(sec1)).contains("BEGIN EC PRIVATE KEY");
        assertThat(Files.readString(oldStyle)).contains("Proc-Type: 4,ENCRYPTED");
        for (TlsSettings settings : List.of(
                withKey(sec1, TlsSettings.KeyFormat.PEM, Optional.empty()),
                withKey(both, TlsSettings.KeyFormat.PEM, Optional.empty()),
                withKey(oldStyle, TlsSettings.KeyFormat.PEM, Optional.of(password)),
                withKey(encrypted, TlsSettings.KeyFormat.PEM, Optional.of(password)),
                withKey(der, TlsSettings.KeyFormat.DER, Optional.empty()),
                withKey(derSec1, TlsSettings.KeyFormat.DER, Optional.empty()))) {
            try (ProxyServer running = start(settings, ListenerTls.USUAL);
                    SSLSocket socket = connect(port(running), server)) {
                assertThat(ask(socket, "mn\r\n", 4))
                        .as(settings.key().toString())
                        .isEqualTo("MN\r\n");
            }
        }
        assertThatThrownBy(
                        () -> start(withKey(encrypted, TlsSettings.KeyFormat.PEM, Optional.empty()), ListenerTls.USUAL))
                .isInstanceOf(TlsFileException.class)
                .hasMessage("Error loading the key: " + encrypted
                        + " : it is encrypted; give the file with its password (ssl_key_password_file)");
        Path wrong = Files.writeString(directory.resolve("wrong"), "open barley\n");
        assertThatThrownBy(() ->
                        start(withKey(encrypted, TlsSettings.KeyFormat.PEM, Optional.of(wrong)), ListenerTls.USUAL))
                .isInstanceOf(TlsFileException.class)
                .hasMessageContaining("is the password correct?")
                .hasMessageNotContaining("barley");
    }

    @Test
    void anRsaKeyOfTheOldFormIsRead() throws Exception {
        Path key = directory.resolve("rsa.key");
        Path chain = directory.resolve("rsa.crt");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=rsa",
                "-days",
                "2",
                "-keyout",
                key.toString(),
                "-out",
                chain.toString());
        Path old = directory.resolve("pkcs1.key");
        openssl("rsa", "-in", key.toString(), "-traditional", "-out", old.toString());
        assertThat(Files.readString(old)).contains("BEGIN RSA PRIVATE KEY");
        try (ProxyServer running = start(TlsSettings.of(chain, old), ListenerTls.USUAL)) {
            assertThat(sClient(port(running), "mn\r\nquit\r\n", "-tls1_2")).contains("MN\r\n");
            assertThat(sClient(port(running), "mn\r\nquit\r\n", "-tls1_3")).contains("MN\r\n");
        }
    }

    @Test
    void clientsThatDoNotSpeakTlsAreClosedAndCountedAndHarmNobody() throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL);
                SSLSocket good = connect(port(running), server)) {
            assertThat(ask(good, "mn\r\n", 4)).isEqualTo("MN\r\n");
            try (RawClient plain = RawClient.connect(port(running))) {
                plain.send("get a\r\n");
                plain.readToEnd();
            }
            ByteArrayOutputStream hello = new ByteArrayOutputStream();
            // A handshake record that announces more than there may be.
            hello.writeBytes(new byte[] {22, 3, 1, (byte) 0xff, (byte) 0xff});
            hello.writeBytes(new byte[1000]);
            try (RawClient hostile = RawClient.connect(port(running))) {
                hostile.send(hello.toByteArray());
                hostile.readToEnd();
            }
            assertThat(ask(good, "mn\r\n", 4)).isEqualTo("MN\r\n");
            assertThat(stats(running, "stats\r\n")).contains("STAT ssl_handshake_errors 2\r\n");
        }
    }

    /** The JDK's own words for that are "Unexpected exception". */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void theLogSaysThatAClientDoesNotTrustTheCertificate(String version) throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL, ListenerTls.NONE);
                LogWatcher watcher = LogWatcher.on(port(running, 1), "connevents")) {
            sClient(
                    port(running),
                    "quit\r\n",
                    version,
                    "-CAfile",
                    other.certificateFile().toString(),
                    "-verify_return_error");
            String line = watcher.next();
            while (!line.contains("type=conntlserr")) {
                line = watcher.next();
            }
            assertThat(line)
                    .containsAnyOf("unknown_ca", "certificate_unknown", "bad_certificate")
                    .doesNotContain("Unexpected");
        }
    }

    @Test
    void aHandshakeThatDoesNotEndIsEnded() throws Exception {
        TlsSettings oneSecond = withKey(server.keyFile(), TlsSettings.KeyFormat.PEM, Optional.empty());
        try (ProxyServer running = start(oneSecond, ListenerTls.USUAL);
                RawClient silent = RawClient.connect(port(running));
                RawClient slow = RawClient.connect(port(running))) {
            slow.send(new byte[] {22, 3, 1});
            silent.expectClosed();
            slow.expectClosed();
        }
    }

    @Test
    void aServerThatEndsAnswersWhatWasSentAndSaysThatItEnds() throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL);
                SSLSocket socket = connect(port(running), server)) {
            assertThat(ask(socket, "mn\r\n", 4)).isEqualTo("MN\r\n");
            socket.getOutputStream().write("mn\r\nmn\r\n".getBytes(StandardCharsets.ISO_8859_1));
            running.shutDown();
            // The JDK throws where the end is not announced as TLS wants it.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("MN\r\nMN\r\n");
        }
    }

    @Test
    void aClientThatSaysItSendsNoMoreIsAnswered() throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL);
                SSLSocket socket = connect(port(running), server)) {
            socket.getOutputStream().write("mn\r\nmn\r\n".getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("MN\r\nMN\r\n");
        }
    }

    @Test
    void cipherSuitesAreNamedAsOpensslNamesThem() throws Exception {
        TlsSettings one = withCiphers("ECDHE-ECDSA-AES256-GCM-SHA384");
        try (ProxyServer running = start(one, ListenerTls.USUAL)) {
            assertThat(sClient(port(running), "mn\r\nquit\r\n", "-tls1_2"))
                    .contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384")
                    .contains("MN\r\n");
            assertThat(sClient(port(running), "mn\r\nquit\r\n", "-tls1_3")).contains("MN\r\n");
        }
        assertThatThrownBy(() -> start(withCiphers("HIGH:!aNULL"), ListenerTls.USUAL))
                .isInstanceOf(TlsFileException.class)
                .hasMessageStartingWith("Error setting the provided cipher(s): HIGH:!aNULL: \"HIGH\"");
    }

    private static TlsSettings withCiphers(String ciphers) {
        return TlsSettings.builder(server.certificateFile(), server.keyFile())
                .ciphers(ciphers)
                .build();
    }

    @Test
    void statisticsShowTheSettings() throws Exception {
        try (ProxyServer running = start(settings(server), ListenerTls.USUAL)) {
            assertThat(stats(running, "stats settings\r\n"))
                    .contains(
                            "STAT ssl_enabled yes\r\n",
                            "STAT ssl_chain_cert " + server.certificateFile() + "\r\n",
                            "STAT ssl_key " + server.keyFile() + "\r\n",
                            "STAT ssl_verify_mode 0\r\n",
                            "STAT ssl_keyformat 1\r\n",
                            "STAT ssl_ciphers NULL\r\n",
                            "STAT ssl_ca_cert NULL\r\n",
                            "STAT ssl_wbuf_size 16384\r\n",
                            "STAT ssl_session_cache no\r\n",
                            "STAT ssl_min_version tlsv1.2\r\n");
        }
    }
}
