package io.memroute.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TestCertificate;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords are in nothing that a server writes or answers, whatever is asked of it and whatever goes wrong. */
class SecretsTest {

    private static final String CONFIGURED = "k3ep-in-the-file";
    private static final String FROM_FILE = "k3ep-in-a-file-apart";
    private static final String OF_CLIENTS = "k3ep-by-the-clients";
    private static final String OF_THE_KEY = "k3ep-with-the-key";
    private static final String OF_THE_ADMIN = "k3ep-by-the-admin";
    /** Part of every password. */
    private static final String SECRET = "k3ep";

    @TempDir
    private Path directory;

    @Test
    void areInNoOutputOfAServer() throws Exception {
        Path apart = Files.writeString(directory.resolve("apart"), FROM_FILE + "\n");
        String hash = OpenBSDBCrypt.generate("2b", "k3ep-hashed".toCharArray(), "0123456789abcdef".getBytes(UTF_8), 4);
        Path users = Files.writeString(directory.resolve("users"), "client:" + OF_CLIENTS + "\nhashed:" + hash + "\n");
        Path admins = Files.writeString(directory.resolve("admins"), "admin:" + OF_THE_ADMIN + "\n");
        TestCertificate shown = TestCertificate.make(directory, "shown", "IP:127.0.0.1");
        TestCertificate own = TestCertificate.make(directory, "own", "DNS:proxy.example");
        Path keyPassword = Files.writeString(directory.resolve("key-password"), OF_THE_KEY + "\n");
        Path key = directory.resolve("encrypted.key");
        run(
                ChildProcess.require("openssl", "openssl").toString(),
                "pkcs8",
                "-topk8",
                "-in",
                shown.keyFile().toString(),
                "-passout",
                "pass:" + OF_THE_KEY,
                "-out",
                key.toString());
        List<String> secrets = new ArrayList<>(List.of(SECRET, hash, hash.substring(30)));
        for (Path file : List.of(shown.keyFile(), own.keyFile(), key)) {
            secrets.add(Files.readAllLines(file).get(1));
        }
        try (MemcachedServer server = MemcachedServer.start(MemcachedServer.options()
                .arguments(
                        "-Y",
                        Files.writeString(directory.resolve("servers"), "proxy:another\n")
                                .toString()))) {
            Path configuration = Files.writeString(directory.resolve("routes.lua"), """
                    pools{
                      main = { backends = {
                        { host = "127.0.0.1", port = %1$d, user = "proxy", password = "%2$s" },
                        { host = "127.0.0.1", port = %1$d, label = "b", user = "proxy", password_file = "%3$s" },
                        { host = "127.0.0.1", port = %1$d, label = "c",
                          tls = { verify = false, cert = "%4$s", key = "%5$s" } } } },
                    }
                    routes{ default = route_direct{ child = "main" } }
                    """.formatted(
                            server.port(), CONFIGURED, apart, own.certificateFile(), own.keyFile()));
            List<String> command = ProgramUnderTest.command(List.of(
                    "run",
                    configuration.toString(),
                    "-vvv",
                    "-Y",
                    users.toString(),
                    "-Z",
                    "-o",
                    "ssl_chain_cert=" + shown.certificateFile() + ",ssl_key=" + key + ",ssl_key_password_file="
                            + keyPassword,
                    "-l",
                    "notls:127.0.0.1:0",
                    "--admin",
                    "127.0.0.1:0",
                    "--admin-passwords",
                    admins.toString()));
            try (ChildProcess proxy = ChildProcess.start(command, Map.of())) {
                StringBuilder seen = new StringBuilder();
                try (RawClient client = RawClient.connect(ProgramUnderTest.port(proxy))) {
                    client.send("set _ _ _ 12\r\nclient wrong\r\n");
                    client.expect("CLIENT_ERROR authentication failure\r\n");
                    String right = "client " + OF_CLIENTS;
                    client.send("set _ _ _ " + right.length() + "\r\n" + right + "\r\n");
                    client.expect("STORED\r\n");
                    client.send("get key\r\n");
                    seen.append(client.readLine());
                    for (String stats : List.of("", " settings", " proxy", " proxybe", " proxyfuncs", " conns")) {
                        client.send("stats" + stats + "\r\nmn\r\n");
                        seen.append(client.readUntil("MN\r\n"));
                    }
                }
                Deadline.await("a refused login", () -> proxy.output().contains("badlogin"));
                proxy.awaitOutput("admin listener on");
                int admin = portAfter("admin listener on 127.0.0.1:", proxy.output());
                assertThat(page(admin, "/metrics", "admin:wrong")).doesNotContain("memroute_");
                for (String page : pages()) {
                    seen.append(page(admin, page, "admin:" + OF_THE_ADMIN));
                }
                // A mistake on the line of a password: the log shows the line.
                Files.writeString(
                        configuration,
                        Files.readString(configuration).replace("user = \"proxy\", password =", "usr = 1, password ="));
                proxy.signal("HUP");
                Deadline.await("the mistake", () -> proxy.output().contains("unknown option \"usr\""));
                seen.append(proxy.output());
                seen.append(run("ps", "-ww", "-o", "args", "-p", "" + proxy.pid()));
                assertThat(seen.toString())
                        .contains("proxy", "memroute_build_info", "badtls")
                        .doesNotContain(secrets);
                // A file of what went wrong, as a dump of the heap is, is named after the process alone.
                assertThat(run(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                        .toString(),
                                "" + proxy.pid(),
                                "VM.flags"))
                        .contains("-XX")
                        .doesNotContain(secrets);
            }
            for (String words : List.of("check", "show", "show --json", "plan", "why")) {
                List<String> all = new ArrayList<>(List.of(words.split(" ")));
                all.add(configuration.toString());
                if (words.equals("plan")) {
                    all.add(configuration.toString());
                }
                if (words.equals("why")) {
                    all.addAll(List.of("get", "key"));
                }
                assertThat(run(ProgramUnderTest.command(all).toArray(String[]::new)))
                        .as(words)
                        .isNotEmpty()
                        .doesNotContain(secrets);
            }
        }
    }

    /** By a start, and those that the configuration names by {@code check}, too. */
    @Test
    void areWarnedOfWhereEverybodyCanReadThem() throws Exception {
        TestCertificate shown = TestCertificate.make(directory, "shown", "IP:127.0.0.1");
        Path users = Files.writeString(directory.resolve("users"), "client:x\n");
        Path admins = Files.writeString(directory.resolve("admins"), "admin:x\n");
        Path apart = Files.writeString(directory.resolve("apart"), "x\n");
        Path keyPassword = Files.writeString(directory.resolve("key-password"), "x\n");
        Path configuration = Files.writeString(directory.resolve("routes.lua"), """
                pools{ main = { backends = { { host = "127.0.0.1", port = 1, user = "proxy", password_file = "%s",
                  tls = { cert = "%s", key = "%s", key_password_file = "%s" } } } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(
                        apart, shown.certificateFile(), shown.keyFile(), keyPassword));
        List<Path> ofServer = List.of(users, admins);
        List<Path> ofConfiguration = List.of(apart, shown.keyFile(), keyPassword);
        for (String permissions : List.of("rw-r--r--", "rw-r-----")) {
            for (Path secret : List.of(users, admins, apart, shown.keyFile(), keyPassword)) {
                Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(permissions));
            }
            boolean open = permissions.endsWith("r--");
            String checked = run(ProgramUnderTest.command(List.of("check", configuration.toString()))
                    .toArray(String[]::new));
            for (Path secret : ofConfiguration) {
                assertThat(checked.contains(secret + "\" can be read by every user of this machine; chmod o-r it"))
                        .as(secret + " in " + checked)
                        .isEqualTo(open);
            }
            try (ChildProcess proxy = ProgramUnderTest.start(List.of(
                    "run",
                    configuration.toString(),
                    "-v",
                    "-Y",
                    users.toString(),
                    "-Z",
                    "-o",
                    "ssl_chain_cert=" + shown.certificateFile() + ",ssl_key=" + shown.keyFile(),
                    "-l",
                    "127.0.0.1:0",
                    "--admin",
                    "127.0.0.1:0",
                    "--admin-cert",
                    shown.certificateFile() + ":" + shown.keyFile(),
                    "--admin-passwords",
                    admins.toString()))) {
                proxy.awaitOutput("listening on");
                for (Path secret : List.of(users, admins, shown.keyFile())) {
                    assertThat(proxy.output().contains(" " + secret + " can be read by every user"))
                            .as(secret + " in " + proxy.output())
                            .isEqualTo(open);
                }
                assertThat(ofServer).allMatch(secret -> proxy.output().contains(secret + " can be read") == open);
            }
        }
    }

    private static int portAfter(String words, String output) {
        Matcher port = Pattern.compile(Pattern.quote(words) + "(\\d+)").matcher(output);
        assertThat(port.find()).as(output).isTrue();
        return Integer.parseInt(port.group(1));
    }

    /** What the admin listener answers; of a stream of events its beginning. */
    private static String page(int port, String path, String login) throws Exception {
        URLConnection page =
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        page.setRequestProperty("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)));
        page.setReadTimeout((int) Deadline.USUAL.toMillis());
        try (InputStream in = ((HttpURLConnection) page).getResponseCode() < 400
                ? page.getInputStream()
                : ((HttpURLConnection) page).getErrorStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static List<String> pages() {
        return List.of(
                "/metrics",
                "/api/backends",
                "/api/pools",
                "/api/configuration",
                "/api/reloads",
                "/api/events",
                "/api/live",
                "/api/history",
                "/api/check",
                "/api/show?arg=--json",
                "/api/why?arg=get&arg=key");
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(Deadline.USUAL.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return output;
    }
}
