package io.memroute.app.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.TwemproxyProcess;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.explain.Check;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same traffic through twemproxy and through what was imported from its file touches the same servers: files of
 * eleven kinds.
 */
class SameServersTest {

    private static final int KEYS = 2000;

    /** The servers of the files are 127.0.0.1:11311 and so on, their listeners 127.0.0.1:22121 and so on. */
    private static final int FIRST_SERVER = 11311;

    private static final int FIRST_LISTENER = 22121;

    /** So many requests are sent before their replies are read. */
    private static final int BATCH = 100;

    private static final List<MemcachedServer> SERVERS = new ArrayList<>();

    /** The ports of the pools of a file, and the last of statistics. */
    private static final List<RefusingPort> RESERVED = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void startServers() {
        for (int i = 0; i < 6; i++) {
            SERVERS.add(MemcachedServer.start());
        }
        for (int i = 0; i < 4; i++) {
            RESERVED.add(RefusingPort.reserve());
        }
    }

    @AfterAll
    static void stopServers() {
        SERVERS.forEach(MemcachedServer::close);
        RESERVED.forEach(RefusingPort::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "defaults",
                "named",
                "renamed",
                "weights",
                "tags",
                "options",
                "single",
                "trap",
                "several",
                "three"
            })
    void touchesTheSameServers(String name) throws Exception {
        List<Integer> ports = RESERVED.stream().map(RefusingPort::port).toList();
        String yaml = withPorts(resource(name + ".yml"), ports);
        Imported imported = TwemproxyImport.read(yaml);
        Path lua = Files.writeString(directory.resolve("imported.lua"), imported.lua(name + ".yml", "twemproxy"));
        ConfigSource configuration = ConfigSource.ofFile(lua.toString());
        Check.Report check = Check.run(configuration, new ConfigHost());
        assertThat(check.errors()).isEmpty();

        List<String> tags = Pattern.compile("tag = \"(\\w+)\"")
                .matcher(Files.readString(lua))
                .results()
                .map(match -> match.group(1))
                .toList();
        int pools = Math.max(1, tags.size());

        List<Map<String, Integer>> before = new ArrayList<>();
        // Redis, which is not there, keeps nobody waiting.
        Path file = Files.writeString(directory.resolve("nutcracker.yml"), yaml);
        try (TwemproxyProcess twemproxy = TwemproxyProcess.start(file, ports.getLast())) {
            for (int pool = 0; pool < pools; pool++) {
                twemproxy.awaitListener(ports.get(pool));
                before.add(touched(ports.get(pool)));
            }
        }
        ServerOptions.Builder options = ServerOptions.builder().workers(1).configuration(configuration);
        for (int pool = 0; pool < pools; pool++) {
            options.listener(
                    tags.isEmpty()
                            ? ListenerSpec.tcp("127.0.0.1", ports.get(pool))
                            : ListenerSpec.tcp("127.0.0.1", ports.get(pool)).tagged(tags.get(pool)));
        }
        try (ProxyServer proxy = ProxyServer.start(options.build())) {
            for (int pool = 0; pool < pools; pool++) {
                assertThat(touched(ports.get(pool))).isEqualTo(before.get(pool));
            }
        }
    }

    /** Stores keys by way of a proxy and looks which server has each. */
    private static Map<String, Integer> touched(int proxyPort) {
        List<String> keys = keys();
        try (RawClient client = RawClient.connect(proxyPort)) {
            for (int from = 0; from < KEYS; from += BATCH) {
                client.send(keys.subList(from, from + BATCH).stream()
                        .map(key -> "set " + key + " 0 0 1\r\nx\r\n")
                        .collect(Collectors.joining()));
                client.expect("STORED\r\n".repeat(BATCH));
            }
        }
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < SERVERS.size(); i++) {
            try (RawClient server = SERVERS.get(i).connect()) {
                for (int from = 0; from < KEYS; from += BATCH) {
                    List<String> batch = keys.subList(from, from + BATCH);
                    server.send(
                            batch.stream().map(key -> "delete " + key + "\r\n").collect(Collectors.joining()));
                    for (String key : batch) {
                        if (server.readLine().equals("DELETED")) {
                            assertThat(places.put(key, i)).as(key).isNull();
                        }
                    }
                }
            }
        }
        assertThat(places).hasSize(KEYS);
        return places;
    }

    /** Keys of several shapes, tags in braces and dollars among them, and such as are not ASCII. */
    private static List<String> keys() {
        SplittableRandom random = new SplittableRandom(15);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String word = Long.toString(random.nextLong() >>> 1, 36);
            keys.add(
                    switch (i % 5) {
                        case 0 -> "user:" + i;
                        case 1 -> "a{" + word + "}" + i;
                        case 2 -> "$" + word + "$" + i;
                        case 3 -> word + "{}" + word;
                        default -> "ü" + word;
                    });
        }
        return keys;
    }

    private static String withPorts(String yaml, List<Integer> listeners) {
        String text = yaml;
        for (int i = 0; i < SERVERS.size(); i++) {
            text = text.replace(
                    "127.0.0.1:" + (FIRST_SERVER + i),
                    "127.0.0.1:" + SERVERS.get(i).port());
        }
        for (int i = 0; i + 1 < listeners.size(); i++) {
            text = text.replace("127.0.0.1:" + (FIRST_LISTENER + i), "127.0.0.1:" + listeners.get(i));
        }
        return text;
    }

    private static String resource(String name) throws IOException {
        try (var stream = SameServersTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
