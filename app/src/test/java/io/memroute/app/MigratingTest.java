package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.command.Commands;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/migrating.md} do what they are there for, with a real twemproxy as the old proxy. */
class MigratingTest {

    private static final Path PAGE =
            Path.of("").toAbsolutePath().getParent().resolve("docs").resolve("migrating.md");
    private static final Pattern COMMAND = Pattern.compile("^ {4}memroute (.*)$", Pattern.MULTILINE);
    private static final Pattern SECTION = Pattern.compile("^##+ (.*)$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** The files of the reader, which the commands name. */
    private static final Pattern FILE = Pattern.compile("[\\w-]+\\.(lua|yml|json|txt)");

    private final List<MemcachedServer> servers = new ArrayList<>();
    private final List<RefusingPort> reserved = new ArrayList<>();
    private List<Integer> ports;

    @TempDir
    private Path directory;

    @BeforeEach
    void startServers() {
        for (int i = 0; i < 3; i++) {
            servers.add(MemcachedServer.start());
            reserved.add(RefusingPort.reserve());
        }
        // Of the old proxy, of the new one beside it, and of twemproxy's statistics.
        ports = reserved.stream().map(RefusingPort::port).toList();
    }

    @AfterEach
    void stopServers() {
        servers.forEach(MemcachedServer::close);
        reserved.forEach(RefusingPort::close);
    }

    private String list(String before, String after, String between) {
        return servers.stream()
                .map(server -> before + "127.0.0.1:" + server.port() + after)
                .collect(Collectors.joining(between));
    }

    private String pool(String name, String options) {
        return "pools{ " + name + " = { options = { " + options + " }, backends = { " + list("\"", "\"", ", ")
                + " } } }\nroutes{ default = route_direct{ child = \"" + name + "\" } }\n";
    }

    private void writeFiles() throws IOException {
        write(
                "nutcracker.yml",
                "old:\n  listen: 127.0.0.1:" + ports.getFirst() + "\n  hash: murmur\n  servers:\n"
                        + list("   - ", ":1", "\n") + "\n");
        write(
                "mcrouter.json",
                "{ \"pools\": { \"A\": { \"servers\": [" + list("\"", "\"", ",")
                        + "] } }, \"route\": \"PoolRoute|A\" }");
        write("old.lua", pool("old", "placement = \"twemproxy-ketama\", hash = \"murmur\""));
        write("routes.lua", pool("main", ""));
        write(
                "ten.lua",
                "pools{ main = { backends = { \"10.0.0.1\", \"10.0.0.2\" } } }\n"
                        + "routes{ default = route_direct{ child = \"main\" } }\n");
        write(
                "eleven.lua",
                "pools{ main = { backends = { \"10.0.0.1\", \"10.0.0.2\", \"10.0.0.3\" } } }\n"
                        + "routes{ default = route_direct{ child = \"main\" } }\n");
        write("keys.txt", "user:1\nuser:2\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    /** A configuration whose servers a proxy before them places keys on in the same way. */
    private String sameAsOld(String section) throws IOException {
        return switch (section) {
            case "Verify" -> Files.readString(directory.resolve("old.lua"));
            case "From memcached's proxy" -> Files.readString(directory.resolve("routes.lua"));
            case "From mcrouter" -> Files.readString(directory.resolve("memroute.lua"));
            default -> "";
        };
    }

    @TestFactory
    Stream<DynamicTest> eachSectionRuns() throws IOException {
        String page = Files.readString(PAGE);
        List<Integer> starts = new ArrayList<>(
                SECTION.matcher(page).results().map(match -> match.start()).toList());
        starts.add(page.length());
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i + 1 < starts.size(); i++) {
            String section = page.substring(starts.get(i), starts.get(i + 1));
            String title = section.lines().findFirst().orElseThrow().replaceFirst("#+ ", "");
            List<String> commands = COMMAND.matcher(section)
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            if (!commands.isEmpty()) {
                tests.add(DynamicTest.dynamicTest(title, () -> run(title, commands)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(5);
        return tests.stream();
    }

    private void run(String section, List<String> commands) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        writeFiles();
        if (section.equals("Verify")) {
            write("memroute.lua", pool("old", "placement = \"twemproxy-ketama\", hash = \"murmur\""));
        }
        for (String command : commands) {
            if (command.startsWith("run ")) {
                serve(command);
            } else if (!command.contains("--write-probes")) {
                assertThat(status(command)).as(command).isZero();
            } else if (section.equals("From twemproxy")) {
                try (TwemproxyProcess old =
                        TwemproxyProcess.start(directory.resolve("nutcracker.yml"), ports.getLast())) {
                    old.awaitListener(ports.getFirst());
                    assertThat(status(command)).as(command).isZero();
                }
            } else {
                try (ProxyServer old = proxy(sameAsOld(section), ports.getFirst())) {
                    assertThat(status(command)).as(command).isZero();
                }
            }
        }
    }

    private ProxyServer proxy(String configuration, int port) throws Exception {
        write("running.lua", configuration);
        return ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .configuration(
                        ConfigSource.ofFile(directory.resolve("running.lua").toString()))
                .listener(ListenerSpec.tcp("127.0.0.1", port))
                .build());
    }

    /** Has the configuration serve where the command says, as it is there for. */
    private void serve(String command) throws Exception {
        assertThat(words(command))
                .startsWith("run", directory.resolve("memroute.lua").toString(), "-l")
                .last()
                .isEqualTo("127.0.0.1:" + ports.get(1));
        try (ProxyServer proxy = proxy(Files.readString(directory.resolve("memroute.lua")), ports.get(1));
                RawClient client = RawClient.connect(ports.get(1))) {
            client.send("set served 0 0 1\r\nx\r\n");
            client.expect("STORED\r\n");
        }
    }

    private int status(String command) {
        return Commands.execute(words(command));
    }

    private List<String> words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
                .map(word ->
                        FILE.matcher(word).matches() ? directory.resolve(word).toString() : word)
                .map(word -> word.replaceFirst("^127\\.0\\.0\\.1:22122$", "127.0.0.1:" + ports.get(1)))
                .map(word -> word.replaceFirst("^127\\.0\\.0\\.1:(22121|11212|5000)$", "127.0.0.1:" + ports.getFirst()))
                .toList();
    }
}
