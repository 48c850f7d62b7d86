package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.options.AdminAddress;
import io.memroute.app.options.AdminFiles;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.TestCertificate;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An admin listener with TLS and with a password, and its clients. */
class AdminGuardTest {

    @TempDir
    private Path directory;

    private static AdminPages pages() {
        return AdminPages.of(List.of(
                new AdminPages.Page("/page", AdminPages.Cost.LOW, request -> text("content\n")),
                new AdminPages.Page("/readyz", AdminPages.Cost.LOW, request -> text("ready\n"))));
    }

    private static AdminResponse text(String text) {
        return AdminResponse.text(HttpResponseStatus.OK, text);
    }

    private static AdminListener start(AdminGuard guard) throws IOException {
        return AdminListener.start(AdminAddress.parse("0"), guard, AdminGuardTest::pages);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static AdminGuard guard(Optional<TestCertificate> shown, Optional<Path> passwords) throws IOException {
        return AdminGuard.open(new AdminFiles(
                shown.map(certificate -> new TlsSettings.Pair(certificate.certificateFile(), certificate.keyFile())),
                passwords));
    }

    private static AdminReply get(AdminListener listener, boolean encrypted, Map<String, Path> files, String page)
            throws IOException {
        Map<String, String> environment = new HashMap<>();
        files.forEach((name, file) -> environment.put(name, file.toString()));
        int port = ((InetSocketAddress) listener.address()).getPort();
        String address = (encrypted ? "https://127.0.0.1:" : "127.0.0.1:") + port;
        return AdminClient.get(AdminTarget.of(address, environment), page, Deadline.USUAL);
    }

    @Test
    void asksForAPasswordExceptAtProbes() throws Exception {
        String hash = OpenBSDBCrypt.generate("2y", "open sesame".toCharArray(), new byte[16], 4);
        Path right = file("right", "admin:open sesame\n");
        Path wrong = file("wrong", "admin:open door\n");
        try (AdminListener listener =
                start(guard(Optional.empty(), Optional.of(file("passwords", "admin:" + hash + "\n"))))) {
            assertThat(get(listener, false, Map.of(), "/page"))
                    .isEqualTo(new AdminReply(1, false, "a user and a password are required here\n"));
            assertThat(get(listener, false, Map.of(AdminTarget.LOGIN, wrong), "/page")
                            .text())
                    .isEqualTo("the user or the password is wrong\n");
            assertThat(get(listener, false, Map.of(AdminTarget.LOGIN, right), "/page")
                            .text())
                    .isEqualTo("content\n");
            assertThat(get(listener, false, Map.of(), "/readyz").text()).isEqualTo("ready\n");
        }
    }

    /** Sixty clients at once would take all processors. */
    @Test
    void computesHashesOnTheThreadThatComputesOneAtATime() throws Exception {
        String hash = OpenBSDBCrypt.generate("2y", "open sesame".toCharArray(), new byte[16], 4);
        AdminGuard guard = guard(Optional.empty(), Optional.of(file("passwords", "admin:" + hash + "\n")));
        String wrong = "Basic " + Base64.getEncoder().encodeToString("admin:open door".getBytes(UTF_8));
        assertThat(guard.refusal("/page", wrong, new InetSocketAddress("127.0.0.1", 1)))
                .isPresent();
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .contains("memroute-passwords");
    }

    @Test
    void nothingWaitsForAClientThatHasGone() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AdminConnection.Answering answering = new AdminConnection.Answering() {
            @Override
            public AdminPages.Page page(String path) {
                return pages().page(path);
            }

            @Override
            public Optional<AdminResponse> refusal(String path, String authorization, SocketAddress from)
                    throws InterruptedException {
                waiting.countDown();
                try {
                    Thread.sleep(Deadline.USUAL);
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return Optional.empty();
            }

            @Override
            public AdminResponse answer(AdminPages.Page page, AdminRequest request) {
                return text("answered\n");
            }

            @Override
            public AdminResponse send(AdminResponse.Events events, AdminRequest request, EventStream stream) {
                return text("sent\n");
            }
        };
        EmbeddedChannel connection = new EmbeddedChannel();
        AdminConnection.serve(
                connection,
                new ConnectionRoom(1, 1),
                new RequestCheck(AdminAddress.parse("0")),
                answering,
                AdminLimits.USUAL);
        connection.writeInbound(Unpooled.copiedBuffer("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n", UTF_8));
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
        connection.close();
        connection.runPendingTasks();
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void speaksTlsToThoseWhoTrustIt() throws Exception {
        TestCertificate shown = TestCertificate.make(directory, "admin", "IP:127.0.0.1");
        TestCertificate other = TestCertificate.make(directory, "other", "IP:127.0.0.1");
        try (AdminListener listener = start(guard(Optional.of(shown), Optional.empty()))) {
            assertThat(get(listener, true, Map.of(AdminTarget.CA, shown.certificateFile()), "/page")
                            .text())
                    .isEqualTo("content\n");
            assertThatThrownBy(() -> get(listener, true, Map.of(AdminTarget.CA, other.certificateFile()), "/page"))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(listener, false, Map.of(), "/page")).isInstanceOf(IOException.class);
            int port = ((InetSocketAddress) listener.address()).getPort();
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(shown.clientContext()).build()) {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/page"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo("content\n");
            }
        }
    }

    @Test
    void readsItsFilesAgain() throws Exception {
        Path passwords = file("passwords", "admin:old\n");
        Path login = file("login", "admin:new\n");
        AdminGuard guard = guard(Optional.empty(), Optional.of(passwords));
        try (AdminListener listener = start(guard)) {
            assertThat(get(listener, false, Map.of(AdminTarget.LOGIN, login), "/page")
                            .answer())
                    .isFalse();
            file("passwords", "admin:new\n");
            guard.reload();
            assertThat(get(listener, false, Map.of(AdminTarget.LOGIN, login), "/page")
                            .answer())
                    .isTrue();
            file("passwords", "useless");
            guard.reload();
            assertThat(get(listener, false, Map.of(AdminTarget.LOGIN, login), "/page")
                            .answer())
                    .isTrue();
        }
    }
}
