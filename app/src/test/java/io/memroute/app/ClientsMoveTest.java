package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.command.Commands;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.spy.memcached.AddrUtil;
import net.spy.memcached.KetamaConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that pick servers themselves store keys, and memroute with the import that {@code docs/migrating.md} has for
 * them finds every one.
 *
 * <p>gomemcache needs Go's compiler, which takes half a gigabyte: it is tried by {@code bench/placement/check --full}.
 */
class ClientsMoveTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Path PAGE = REPOSITORY.resolve("docs").resolve("migrating.md");
    private static final boolean WITH_GO = Boolean.getBoolean("placement.all");
    private static final Pattern IMPORT = Pattern.compile(
            "^ {4}memroute import servers \"[^\"]+\" --scheme (\\S+) -o (\\S+)\\.lua$", Pattern.MULTILINE);
    private static final int KEYS = 300;
    private static final String NPM = "scripts/install-npm-clients";

    /** Programs that store a key for each number, with the servers as their arguments. */
    private static final Map<String, List<String>> PROGRAMS = Map.of(
            "pylibmc",
            python("""
                    import pylibmc
                    client = pylibmc.Client(sys.argv[1:])
                    """),
            "pylibmc-ketama",
            python("""
                    import pylibmc
                    client = pylibmc.Client(sys.argv[1:], behaviors={"ketama": True})
                    """),
            "pymemcache",
            python("""
                    from pymemcache.client.hash import HashClient
                    client = HashClient([(a.split(":")[0], int(a.split(":")[1])) for a in sys.argv[1:]])
                    """),
            "python-memcached",
            python("""
                    import memcache
                    client = memcache.Client(sys.argv[1:])
                    """),
            "php-memcached",
            php("""
                    $client = new Memcached();
                    $client->setOption(Memcached::OPT_LIBKETAMA_COMPATIBLE, true);
                    """),
            "php-memcache",
            php("""
                    $client = new Memcache();
                    """),
            "dalli",
            List.of("ruby", "-e", """
                    require "dalli"
                    client = Dalli::Client.new(ARGV)
                    300.times { |i| client.set("user:#{i}", "x") }
                    """),
            "memjs",
            List.of("node", "-e", """
                    const client = require("memjs").Client.create(process.argv.slice(1).join(","));
                    (async () => {
                      for (let i = 0; i < 300; i++) await client.set("user:" + i, "x", {});
                      client.close();
                    })();
                    """),
            "npm-memcached",
            List.of("node", "-e", """
                    const client = new (require("memcached"))(process.argv.slice(1));
                    let left = 300;
                    const done = () => { if (--left === 0) client.end(); };
                    for (let i = 0; i < 300; i++) client.set("user:" + i, "x", 0, done);
                    """));

    /** What shows that a client is installed. */
    private static final Map<String, List<String>> INSTALLED = Map.of(
            "pylibmc", List.of("/usr/bin/python3", "-c", "import pylibmc"),
            "pylibmc-ketama", List.of("/usr/bin/python3", "-c", "import pylibmc"),
            "pymemcache", List.of("/usr/bin/python3", "-c", "import pymemcache"),
            "python-memcached", List.of("/usr/bin/python3", "-c", "import memcache"),
            "php-memcached", List.of("php", "-r", "exit(class_exists('Memcached') ? 0 : 1);"),
            "php-memcache", List.of("php", "-r", "exit(class_exists('Memcache') ? 0 : 1);"),
            "dalli", List.of("ruby", "-e", "require 'dalli'"),
            "memjs", List.of("node", "-e", "require('memjs')"),
            "npm-memcached", List.of("node", "-e", "require('memcached')"));

    /** The commands that install the clients. */
    private static final Map<String, String> INSTALL = Map.of(
            "pylibmc", "apt-get install -y python3-pylibmc",
            "pylibmc-ketama", "apt-get install -y python3-pylibmc",
            "pymemcache", "apt-get install -y python3-pymemcache",
            "python-memcached", "apt-get install -y python3-memcache",
            "php-memcached", "apt-get install -y php-cli php-memcached",
            "php-memcache", "apt-get install -y php-cli php-memcache",
            "dalli", "apt-get install -y ruby ruby-dalli",
            "memjs", NPM,
            "npm-memcached", NPM);

    private static final Pattern CURRENT_ITEMS = Pattern.compile("STAT curr_items [1-9]");

    private final List<MemcachedServer> servers = new ArrayList<>();

    @TempDir
    private Path directory;

    /** @param client makes a client of the servers in {@code sys.argv[1:]} */
    private static List<String> python(String client) {
        String store = "for i in range(" + KEYS + "): client.set(\"user:%d\" % i, \"x\")\n";
        return List.of("/usr/bin/python3", "-c", "import sys\n" + client + store);
    }

    /** @param client makes a client without servers */
    private static List<String> php(String client) {
        return List.of("php", "-r", client + """
                foreach (array_slice($argv, 1) as $server) {
                  [$host, $port] = explode(":", $server);
                  $client->addServer($host, (int)$port);
                }
                for ($i = 0; $i < %d; $i++) $client->set("user:$i", "x");
                """.formatted(KEYS), "--");
    }

    @BeforeEach
    void startServers() {
        for (int i = 0; i < 5; i++) {
            servers.add(MemcachedServer.start());
        }
    }

    @AfterEach
    void stopServers() {
        servers.forEach(MemcachedServer::close);
    }

    /** The imports of the page: a scheme and a client. */
    static Stream<List<String>> imports() throws IOException {
        List<List<String>> imports = IMPORT.matcher(Files.readString(PAGE))
                .results()
                .map(line -> List.of(line.group(1), line.group(2)))
                .filter(line -> !line.get(1).equals("memroute") && !line.get(1).equals("evcache"))
                .toList();
        assertThat(imports).hasSize(PROGRAMS.size() + 3);
        return imports.stream().filter(line -> WITH_GO || !line.get(1).equals("gomemcache"));
    }

    @ParameterizedTest
    @MethodSource("imports")
    void whatAClientHasStoredIsFound(List<String> schemeAndClient) throws Exception {
        String client = schemeAndClient.get(1);
        List<String> addresses =
                servers.stream().map(server -> "127.0.0.1:" + server.port()).toList();
        switch (client) {
            case "spymemcached" -> storeBySpymemcached(addresses);
            case "xmemcached" -> storeByXmemcached(addresses);
            case "gomemcache" -> storeByGomemcache(addresses);
            default -> {
                require(client);
                List<String> words = new ArrayList<>(PROGRAMS.get(client));
                words.addAll(addresses);
                run(words);
            }
        }
        Path lua = directory.resolve("memroute.lua");
        assertThat(Commands.execute(List.of(
                        "import",
                        "servers",
                        String.join(",", addresses),
                        "--scheme",
                        schemeAndClient.getFirst(),
                        "-o",
                        lua.toString())))
                .isZero();
        try (ProxyServer proxy = ProxyServer.start(ServerOptions.builder()
                        .workers(1)
                        .configuration(ConfigSource.ofFile(lua.toString()))
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .build());
                RawClient asking =
                        RawClient.connect(((InetSocketAddress) proxy.addresses().getFirst()).getPort())) {
            for (int i = 0; i < KEYS; i++) {
                asking.send("mg user:" + i + "\r\n");
                asking.expect("HD\r\n");
            }
        }
        assertThat(servers.stream().filter(ClientsMoveTest::hasItems).count())
                .as("servers that have keys")
                .isGreaterThanOrEqualTo(2);
    }

    private static boolean hasItems(MemcachedServer server) {
        try (RawClient client = server.connect()) {
            client.send("stats\r\n");
            return CURRENT_ITEMS.matcher(client.readUntil("END\r\n")).find();
        }
    }

    private static void storeBySpymemcached(List<String> addresses) throws Exception {
        net.spy.memcached.MemcachedClient client = new net.spy.memcached.MemcachedClient(
                new KetamaConnectionFactory(), AddrUtil.getAddresses(String.join(" ", addresses)));
        try {
            for (int i = 0; i < KEYS; i++) {
                assertThat(client.set("user:" + i, 0, "x").get()).isTrue();
            }
        } finally {
            client.shutdown();
        }
    }

    private static void storeByXmemcached(List<String> addresses) throws Exception {
        net.rubyeye.xmemcached.MemcachedClient client = new XMemcachedClientBuilder(
                        net.rubyeye.xmemcached.utils.AddrUtil.getAddresses(String.join(" ", addresses)))
                .build();
        try {
            for (int i = 0; i < KEYS; i++) {
                assertThat(client.set("user:" + i, 0, "x")).isTrue();
            }
        } finally {
            client.shutdown();
        }
    }

    private void storeByGomemcache(List<String> addresses) throws Exception {
        assertThat(Path.of("/usr/share/gocode/src/github.com/bradfitz/gomemcache"))
                .as("install it with: apt-get install -y golang-go golang-github-bradfitz-gomemcache-dev")
                .isDirectory();
        Path program = Files.writeString(directory.resolve("store.go"), """
                package main
                import ("fmt"; "os"; "github.com/bradfitz/gomemcache/memcache")
                func main() {
                  client := memcache.New(os.Args[1:]...)
                  for i := 0; i < 300; i++ {
                    item := &memcache.Item{Key: fmt.Sprintf("user:%d", i), Value: []byte("x")}
                    if err := client.Set(item); err != nil { panic(err) }
                  }
                }
                """);
        Path built = directory.resolve("store");
        run(List.of("go", "build", "-o", built.toString(), program.toString()));
        List<String> words = new ArrayList<>(List.of(built.toString()));
        words.addAll(addresses);
        run(words);
    }

    private void require(String client) {
        assertThat(isInstalled(client))
                .as("%s is installed; install it with: %s", client, INSTALL.get(client))
                .isTrue();
    }

    private boolean isInstalled(String client) {
        try (ChildProcess check = start(INSTALLED.get(client))) {
            return check.awaitExit() == 0;
        } catch (UncheckedIOException e) {
            // Its language is not installed either.
            return false;
        }
    }

    private void run(List<String> words) {
        try (ChildProcess program = start(words)) {
            assertThat(program.awaitExit(Deadline.OF_WORK))
                    .as(() -> program + ": " + program.output())
                    .isZero();
        }
    }

    private ChildProcess start(List<String> words) {
        return ChildProcess.start(
                words,
                Map.of(
                        "NODE_PATH",
                        REPOSITORY.resolve(".build/npm/node_modules").toString(),
                        "GO111MODULE",
                        "off",
                        "GOPATH",
                        "/usr/share/gocode",
                        "GOCACHE",
                        directory.resolve("go-cache").toString()));
    }
}
