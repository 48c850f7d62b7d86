package io.memroute.app.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TestCertificate;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    @TempDir
    private Path directory;

    private int reloads;

    private void look(FileWatch watch, Path... files) {
        watch.look(Set.of(files), () -> reloads++);
    }

    @Test
    void reloadsOnceWhenChangesHaveStayed() throws IOException {
        Path file = Files.writeString(directory.resolve("routes.lua"), "one");
        Path more = directory.resolve("later.lua");
        try (FileWatch watch = new FileWatch()) {
            watch.note(Set.of(file));
            look(watch, file);
            Files.writeString(file, "tw");
            look(watch, file);
            Files.writeString(file, "two");
            look(watch, file);
            assertThat(reloads).isZero();
            look(watch, file);
            assertThat(reloads).isEqualTo(1);

            // What a reload has begun to read is no change.
            Files.writeString(more, "more");
            look(watch, file, more);
            look(watch, file, more);
            assertThat(reloads).isEqualTo(1);

            Files.delete(file);
            look(watch, file, more);
            look(watch, file, more);
            Files.writeString(file, "two");
            look(watch, file, more);
            look(watch, file, more);
            assertThat(reloads).isEqualTo(1);
        }
    }

    /** As Kubernetes does: the file is a link by way of {@code ..data}, which is replaced. */
    @Test
    void aServerSeesAConfigMapSwapped() throws Exception {
        Path first = Files.createDirectory(directory.resolve("..first"));
        Path second = Files.createDirectory(directory.resolve("..second"));
        Files.writeString(first.resolve("routes.lua"), "routes{ default = route_null{} }\n");
        Files.writeString(second.resolve("routes.lua"), "routes{\n");
        Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..first"));
        Path file = Files.createSymbolicLink(directory.resolve("routes.lua"), Path.of("..data/routes.lua"));
        try (ChildProcess server =
                ProgramUnderTest.start(List.of("run", file.toString(), "-p", "-1", "-l", "127.0.0.1", "--watch"))) {
            server.awaitOutput("listening on");
            swap(data, "..second");
            server.awaitOutput("reload failed, the previous configuration stays in force");
            swap(data, "..first");
            Deadline.await("the reload", () -> server.output().contains("configuration reloaded"));
            assertThat(server.output()).contains(file + " has changed (--watch)");
        }
    }

    /** Everything that a reload reads besides the configuration: each change is noticed, and used. */
    @Test
    void aServerUsesChangedPasswordsAndCertificates() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "client:first\n");
        Path admins = Files.writeString(directory.resolve("admins"), "admin:first\n");
        Path toServer = Files.writeString(directory.resolve("to-server"), "first\n");
        Path ofServer = Files.writeString(directory.resolve("of-server"), "proxy:second\n");
        TestCertificate first = TestCertificate.make(directory, "first", "IP:127.0.0.1");
        TestCertificate second = TestCertificate.make(directory, "second", "IP:127.0.0.1");
        Path chain = Files.copy(first.certificateFile(), directory.resolve("shown.crt"));
        Path key = Files.copy(first.keyFile(), directory.resolve("shown.key"));
        Path adminPem = directory.resolve("admin.pem");
        Files.writeString(adminPem, Files.readString(first.certificateFile()) + Files.readString(first.keyFile()));
        try (MemcachedServer memcached =
                MemcachedServer.start(MemcachedServer.options().arguments("-Y", ofServer.toString()))) {
            Path routes = Files.writeString(directory.resolve("routes.lua"), """
                    settings{ backend_retry_waittime = 1 }
                    pools{ main = { backends = {
                      { host = "127.0.0.1", port = %d, user = "proxy", password_file = "%s" } } } }
                    routes{ default = route_direct{ child = "main" } }
                    """.formatted(memcached.port(), toServer));
            try (ChildProcess server = ProgramUnderTest.start(List.of(
                    "run",
                    routes.toString(),
                    "--watch",
                    "-v",
                    "-Y",
                    users.toString(),
                    "-Z",
                    "-o",
                    "ssl_chain_cert=" + chain + ",ssl_key=" + key,
                    "-l",
                    "notls:127.0.0.1:0",
                    "-l",
                    "127.0.0.1:0",
                    "--admin",
                    "127.0.0.1:0",
                    "--admin-cert",
                    adminPem.toString(),
                    "--admin-passwords",
                    admins.toString()))) {
                server.awaitOutput("admin listener on");
                List<Integer> ports = Pattern.compile("127\\.0\\.0\\.1:(\\d+)")
                        .matcher(server.output().substring(server.output().indexOf("listening on")))
                        .results()
                        .map(port -> Integer.parseInt(port.group(1)))
                        .toList();
                int plain = ports.get(0);
                int encrypted = ports.get(1);
                int admin = ports.getLast();
                assertThat(said(plain, "first", "get key")).startsWith("STORED\r\nSERVER_ERROR");
                assertThat(shown(encrypted)).isEqualTo(first.certificate());
                assertThat(status(admin, first, "admin:first")).isEqualTo(200);

                Files.writeString(users, "client:second\n");
                changed(server, users, () -> said(plain, "second", "mn").equals("STORED\r\nMN\r\n"));
                Files.writeString(toServer, "second\n");
                changed(server, toServer, () -> said(plain, "second", "get key").equals("STORED\r\nEND\r\n"));
                Files.copy(second.keyFile(), key, StandardCopyOption.REPLACE_EXISTING);
                Files.copy(second.certificateFile(), chain, StandardCopyOption.REPLACE_EXISTING);
                changed(server, chain, () -> shown(encrypted).equals(second.certificate()));
                Files.writeString(admins, "admin:second\n");
                changed(server, admins, () -> status(admin, first, "admin:second") == 200);
                Files.writeString(
                        adminPem, Files.readString(second.certificateFile()) + Files.readString(second.keyFile()));
                changed(server, adminPem, () -> shown(admin).equals(second.certificate()));
            }
        }
    }

    private static void changed(ChildProcess server, Path file, Callable<Boolean> used) {
        BooleanSupplier inUse = () -> {
            try {
                return used.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        Deadline.await("the change of " + file + " to be used", Deadline.OF_START, inUse, server::output);
        assertThat(server.output()).contains(file + " has changed (--watch)");
    }

    private static String said(int port, String password, String line) {
        try (RawClient client = RawClient.connect(port)) {
            String login = "client " + password;
            client.sendUnlessClosed(("set _ _ _ " + login.length() + "\r\n" + login + "\r\n" + line + "\r\nquit\r\n")
                    .getBytes(US_ASCII));
            return new String(client.readToEnd(), US_ASCII);
        }
    }

    private static X509Certificate shown(int port) throws Exception {
        SSLContext any = SSLContext.getInstance("TLS");
        any.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) any.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static int status(int port, TestCertificate trusted, String login) throws IOException {
        HttpsURLConnection page = (HttpsURLConnection)
                URI.create("https://127.0.0.1:" + port + "/metrics").toURL().openConnection();
        page.setSSLSocketFactory(trusted.clientContext().getSocketFactory());
        page.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(US_ASCII)));
        return page.getResponseCode();
    }

    private void swap(Path data, String target) throws IOException {
        Path next = Files.createSymbolicLink(directory.resolve("..next"), Path.of(target));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
