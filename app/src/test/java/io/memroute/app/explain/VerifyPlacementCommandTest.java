package io.memroute.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.TwemproxyProcess;
import io.memroute.app.admin.AdminReply;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyPlacementCommandTest {

    private static final String THREE = "\"10.0.0.1\", \"10.0.0.2\", \"10.0.0.3\"";

    @TempDir
    private Path directory;

    private Path keys;

    @BeforeEach
    void writeKeys() throws IOException {
        keys = Files.writeString(directory.resolve("keys"), "foo\nbar\nuser:1\r\n\nsession:abcdef\na");
    }

    private Path file(String name, String options, String servers) throws IOException {
        return Files.writeString(directory.resolve(name), """
                pools{ main = { options = { %s }, backends = { %s } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(options, servers));
    }

    private AdminReply verify(Object... words) {
        VerifyPlacementCommand command = new VerifyPlacementCommand();
        new CommandLine(command)
                .parseArgs(List.of(words).stream().map(Object::toString).toArray(String[]::new));
        return command.answer();
    }

    @Test
    void aMillionKeysThatAgreeAreOneLine() throws IOException {
        Path here = file("here.lua", "placement = \"twemproxy-ketama\"", THREE);
        assertThat(verify(here, "--against", "twemproxy-ketama"))
                .isEqualTo(new AdminReply(0, true, "all of 1000000 keys have the same server\n"));
    }

    @Test
    void keysThatDifferAreShown() throws IOException {
        Path here = file("here.lua", "placement = \"twemproxy-ketama\"", THREE);
        assertThat(verify(here, "--against", "twemproxy-ketama:md5", "--keys", keys))
                .isEqualTo(new AdminReply(2, true, """
                        bar: 10.0.0.3:11211 here, 10.0.0.2:11211 there
                        user:1: 10.0.0.3:11211 here, 10.0.0.2:11211 there
                        session:abcdef: 10.0.0.1:11211 here, 10.0.0.3:11211 there
                        2 of 5 keys have the same server: 40.00 %
                        """));
    }

    @Test
    void jsonHasTheSame() throws IOException {
        Path here = file("here.lua", "placement = \"twemproxy-ketama\"", THREE);
        assertThat(verify(here, "--against", "memjs", "--keys", keys, "--json").text())
                .startsWith("{\n  \"keys\" : 5,\n  \"same\" : ")
                .contains("\"share\" : ", "\"first\" : [");
    }

    @Test
    void anotherConfigurationIsAsked() throws IOException {
        Path here = file("here.lua", "", THREE);
        Path there = file("there.lua", "", THREE + ", \"10.0.0.4\"");
        Path many = Files.write(
                directory.resolve("many"),
                IntStream.range(0, 20_000).mapToObj(i -> "user:" + i).toList());
        assertThat(verify(here, "--against", here, "--keys", many).status()).isZero();
        AdminReply moved = verify(here, "--against", there, "--keys", many);
        assertThat(moved.status()).isEqualTo(2);
        assertThat(moved.text())
                .contains("... and ")
                .matches("(?s).* of 20000 keys have the same server: 7[3456]\\..*");
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Path here = file("here.lua", "", THREE);
        assertThat(verify(here, "--against", "ketama").text())
                .startsWith(
                        "memroute verify-placement: --against ketama: no such file, no placement of that name, and no"
                                + " host:port");
        assertThat(verify(here, "--against", "memjs:md5").text()).contains("memjs has no hash \"md5\"; it has memjs");
        assertThat(verify(here, "--against", "127.0.0.1:1").text()).contains("allow that with --write-probes");
        assertThat(verify(here, "--against", "memjs", "--pool", "mian").text())
                .contains("has no pool \"mian\"; it has main");
        Files.writeString(keys, "a b\n");
        assertThat(verify(here, "--against", "memjs", "--keys", keys))
                .matches(reply -> reply.status() == 64)
                .matches(reply -> reply.text().contains("keys:1: a key has no spaces"));
        assertThat(verify(here, "--against", "127.0.0.1:1", "--write-probes"))
                .matches(reply -> reply.status() == 64)
                .matches(reply -> reply.text().contains("127.0.0.1:1: "));
        Files.writeString(keys, "k".repeat(227) + "\n");
        assertThat(verify(here, "--against", "127.0.0.1:1", "--write-probes", "--keys", keys))
                .matches(reply -> reply.status() == 64)
                .matches(reply -> reply.text().contains("all keys are too long for probes"));
    }

    @Test
    void probesAreTakenAwayIfTheCommandIsInterrupted() throws Exception {
        try (MemcachedServer server = MemcachedServer.start()) {
            String address = "127.0.0.1:" + server.port();
            Path here = file("here.lua", "", "\"" + address + "\"");
            try (ChildProcess verifying = ProgramUnderTest.start(List.of(
                    "verify-placement",
                    here.toString(),
                    "--pool",
                    "main",
                    "--against",
                    address,
                    "--write-probes",
                    "--probes",
                    "100000"))) {
                Deadline.await("probes are stored", () -> stat(server, "cmd_set") > 100);
                verifying.signal("INT");
                verifying.awaitExit();
            }
            assertThat(stat(server, "curr_items")).isZero();
        }
    }

    private static long stat(MemcachedServer server, String name) {
        try (RawClient client = server.connect()) {
            client.send("stats\r\n");
            return client.readUntil("END\r\n")
                    .lines()
                    .filter(line -> line.startsWith("STAT " + name + " "))
                    .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aRunningTwemproxyIsAskedAndLeftAsItWas() throws Exception {
        List<MemcachedServer> servers = new ArrayList<>();
        try (RefusingPort listen = RefusingPort.reserve();
                RefusingPort stats = RefusingPort.reserve()) {
            for (int i = 0; i < 4; i++) {
                servers.add(MemcachedServer.start());
            }
            Path yaml = Files.writeString(directory.resolve("nutcracker.yml"), """
                    old:
                      listen: 127.0.0.1:%d
                      hash: murmur
                      servers:
                    %s
                    """.formatted(
                            listen.port(),
                            servers.stream()
                                    .map(server -> "   - 127.0.0.1:" + server.port() + ":1")
                                    .collect(Collectors.joining("\n"))));
            String backends = servers.stream()
                    .map(server -> "\"127.0.0.1:" + server.port() + "\"")
                    .collect(Collectors.joining(", "));
            Path same = file("same.lua", "placement = \"twemproxy-ketama\", hash = \"murmur\"", backends);
            Path other = file("other.lua", "placement = \"twemproxy-ketama\", hash = \"md5\"", backends);
            String old = "127.0.0.1:" + listen.port();
            try (TwemproxyProcess twemproxy = TwemproxyProcess.start(yaml, stats.port())) {
                twemproxy.awaitListener(listen.port());
                assertThat(verify(same, "--against", old, "--write-probes", "--probes", 300))
                        .isEqualTo(new AdminReply(0, true, "all of 300 keys have the same server\n"));
                assertThat(verify(other, "--against", old, "--write-probes", "--keys", keys)
                                .status())
                        .isEqualTo(2);
            }
            for (MemcachedServer server : servers) {
                try (RawClient client = server.connect()) {
                    client.send("stats\r\n");
                    String line = client.readLine();
                    while (!line.startsWith("STAT curr_items ")) {
                        line = client.readLine();
                    }
                    assertThat(line).isEqualTo("STAT curr_items 0");
                }
            }
        } finally {
            servers.forEach(MemcachedServer::close);
        }
    }
}
