package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.remote.RemoteProxy;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords are in nothing that a server writes or answers, whatever is asked of it and whatever goes wrong. */
class SecretsTest {

    private static final String CONFIGURED = "k3ep-in-the-file";
    private static final String FROM_FILE = "k3ep-in-a-file-apart";
    private static final String OF_CLIENTS = "k3ep-by-the-clients";
    private static final String SECRET = "k3ep";

    @TempDir
    private Path directory;

    @Test
    void areInNoOutputOfAServer() throws Exception {
        Path apart = Files.writeString(directory.resolve("apart"), FROM_FILE + "\n");
        Path users = Files.writeString(directory.resolve("users"), "client:" + OF_CLIENTS + "\n");
        Path admin = directory.resolve("admin.sock");
        try (MemcachedServer server = MemcachedServer.start(MemcachedServer.options()
                .arguments(
                        "-Y",
                        Files.writeString(directory.resolve("servers"), "proxy:another\n")
                                .toString()))) {
            Path configuration =
                    Files.writeString(directory.resolve("routes.lua"), """
                    pools{
                      main = { backends = {
                        { host = "127.0.0.1", port = %1$d, user = "proxy", password = "%2$s" },
                        { host = "127.0.0.1", port = %1$d, label = "b", user = "proxy", password_file = "%3$s" } } },
                    }
                    routes{ default = route_direct{ child = "main" } }
                    """.formatted(server.port(), CONFIGURED, apart));
            List<String> command = ProgramUnderTest.command(List.of(
                    "run",
                    configuration.toString(),
                    "-vvv",
                    "-Y",
                    users.toString(),
                    "-l",
                    "127.0.0.1:0",
                    "--admin",
                    admin.toString()));
            try (ChildProcess proxy = ChildProcess.start(command, Map.of())) {
                StringBuilder seen = new StringBuilder();
                try (RawClient client = RawClient.connect(StartedProgram.port(proxy))) {
                    client.send("set _ _ _ 12\r\nclient wrong\r\n");
                    client.expect("CLIENT_ERROR authentication failure\r\n");
                    String right = "client " + OF_CLIENTS;
                    client.send("set _ _ _ " + right.length() + "\r\n" + right + "\r\n");
                    client.expect("STORED\r\n");
                    client.send("get key\r\n");
                    seen.append(client.readLine());
                    for (String stats : List.of("", " settings", " proxy", " proxybe", " proxyfuncs")) {
                        client.send("stats" + stats + "\r\nmn\r\n");
                        seen.append(client.readUntil("MN\r\n"));
                    }
                }
                Deadline.await("a refused login", () -> proxy.output().contains("badlogin"));
                RemoteProxy remote = RemoteProxy.at(admin.toString());
                for (String page : pages()) {
                    seen.append(remote.text(page));
                }
                // A mistake on the line of a password: the log shows the line.
                Files.writeString(
                        configuration,
                        Files.readString(configuration).replace("user = \"proxy\", password =", "usr = 1, password ="));
                proxy.signal("HUP");
                Deadline.await("the mistake", () -> proxy.output().contains("unknown option \"usr\""));
                seen.append(proxy.output());
                seen.append(run("ps", "-ww", "-o", "args", "-p", "" + proxy.pid()));
                assertThat(seen.toString()).contains("proxy").doesNotContain(SECRET);
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
                        .doesNotContain(SECRET);
            }
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
