package io.memroute.app.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwemproxyImportTest {

    private static final String POOL = """
            alpha:
              listen: 127.0.0.1:22121
              servers:
                - 10.0.0.1:11211:1
                - 10.0.0.2:11211:1
            """;

    @Test
    void writesAPoolWithItsPlacementAndItsTimeouts() {
        Imported imported = TwemproxyImport.read("""
                alpha:
                  listen: 0.0.0.0:22121
                  hash: md5
                  hash_tag: "{}"
                  auto_eject_hosts: true
                  timeout: 400
                  server_failure_limit: 3
                  servers:
                    - 10.0.0.1:11211:2 cache "a"
                    - fe80::1:11211:1
                """);
        assertThat(imported.lua("nutcracker.yml", "twemproxy"))
                .startsWith("""
                -- Imported from nutcracker.yml (twemproxy).
                -- Start it with: memroute run THIS_FILE -l 0.0.0.0:22121
                --
                -- What differs from twemproxy, by line of its file:
                -- 1: nearly: alpha: clients may also use what twemproxy refuses: gat, gats, the meta commands,
                --   stats and others
                """)
                .contains("""
                -- 5: missing: auto_eject_hosts: true: the keys of a server that fails do not move to others: their
                """)
                .endsWith("""

                pools{
                  -- line 1
                  alpha = {
                    options = { placement = "twemproxy-ketama", hash = "md5", filter = "hash_tag", filter_conf = "{}" },
                    backend_options = { connecttimeout = 0.4, readtimeout = 0.4, failurelimit = 2, retrywaittime = 30 },
                    backends = { { host = "10.0.0.1", port = 11211, weight = 2, name = "cache \\"a\\"" }, \
                "[fe80::1]:11211" },
                  },
                }

                routes{ default = route_direct{ child = "alpha" } }
                """);
    }

    @Test
    void theStartCommandOfManyPoolsIsOneLine() {
        Imported imported = TwemproxyImport.read("""
                a_long_name_of_a_pool: { listen: "127.0.0.1:22121", servers: ["10.0.0.1:11211:1"] }
                a_long_name_of_another: { listen: "127.0.0.1:22122", servers: ["10.0.0.2:11211:1"] }
                a_long_name_of_a_third: { listen: "[::1]:22123", servers: ["10.0.0.3:11211:1"] }
                """);
        assertThat(imported.lua("f.yml", "twemproxy").lines())
                .contains("-- Start it with: memroute run THIS_FILE -l tag_a_long_n_:127.0.0.1:22121"
                        + " -l tag_a_long_2_:127.0.0.1:22122 -l tag_a_long_3_:[::1]:22123");
    }

    @Test
    void everySettingIsInTheReport() {
        Imported imported = TwemproxyImport.read(POOL + """
                  backlog: 1024
                  client_connections: 7
                  preconnect: true
                  reuseport: true
                  server_connections: 20
                  server_retry_timeout: 2500
                  tcpkeepalive: true
                  distribution: ketama
                  redis: false
                """.indent(0));
        assertThat(imported.report().text("f.yml"))
                .contains("f.yml:2: exact: listen: 127.0.0.1:22121: ")
                .contains("f.yml:6: missing: backlog: 1024: ")
                .contains("f.yml:7: nearly: client_connections: 7: ")
                .contains("f.yml:8: exact: preconnect: true: ")
                .contains("f.yml:9: missing: reuseport: true: ")
                .contains("f.yml:10: nearly: server_connections: 20: each of memroute's workers (-t) has 8 ")
                .contains("f.yml:11: exact: server_retry_timeout: 2500: without effect in twemproxy unless ")
                .contains("f.yml:12: exact: tcpkeepalive: true: ")
                .contains("f.yml:13: exact: distribution: ketama: ")
                .contains("f.yml:14: exact: redis: false: ")
                .contains("f.yml: ");
    }

    @Test
    void aSocketOfAServerKeepsItsPlaceAndIsDown() {
        Imported imported = TwemproxyImport.read(POOL + "    - /var/run/memcached.sock:1\n");
        assertThat(imported.lua("f.yml", "twemproxy"))
                .contains("{ host = \"127.0.0.1\", port = 11211, name = \"/var/run/memcached.sock\", down = true },");
        assertThat(imported.report().text("f.yml")).contains("f.yml:6: missing: /var/run/memcached.sock:1: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hash: sha1                    | 6: alpha: twemproxy has no hash "sha1"
            distribution: jump            | 6: alpha: distribution: expected ketama, modula or random, got "jump"
            hash_tag: "{"                 | 6: alpha: hash_tag: expected exactly two characters, got "{"
            timeout: soon                 | 6: timeout: expected a number, 0 or more, got "soon"
            timeout: -1                   | 6: timeout: expected a number, 0 or more, got "-1"
            preconnect: yes               | 6: preconnect: expected true or false, got "yes"
            server_connections: 0         | 6: server_connections: expected a number, 1 or more, got "0"
            colour: red                   | 6: alpha: twemproxy has no setting "colour"
            listen: 127.0.0.1:1           | 6: "listen" is given twice
            hash: {a: 1}                  | 6: hash: expected a string, got an object
            """)
    void refusesWhatTwemproxyRefuses(String line, String message) {
        assertThatThrownBy(() -> TwemproxyImport.read(POOL + "  " + line + "\n"))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.at("f")).isEqualTo("f:" + message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.1:11211                | servers: expected host:port:weight [name], got "10.0.0.1:11211"
            10.0.0.1:11211:0              | servers: a weight must be at least 1
            10.0.0.2:11211:5              | alpha: servers: another server has the name of "10.0.0.2:11211:5"
            10.0.0.3:11211:1 10.0.0.1     | alpha: servers: another server has the name of "10.0.0.3:11211:1 10.0.0.1"
            """)
    void refusesServersThatAreNone(String server, String message) {
        assertThatThrownBy(() -> TwemproxyImport.read(POOL + "    - " + server + "\n"))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.at("f")).isEqualTo("f:6: " + message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1:0                   | 127.0.0.1: there is no port 0
            127.0.0.1:99999               | 127.0.0.1: there is no port 99999
            :22121                        | alpha: listen: expected host:port or a path, got ":22121"
            """)
    void refusesAddressesThatAreNone(String listen, String message) {
        assertThatThrownBy(() -> TwemproxyImport.read(POOL.replace("127.0.0.1:22121", "'" + listen + "'")))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.at("f")).isEqualTo("f:2: " + message));
    }

    @Test
    void refusesTwoPoolsOnOneAddress() {
        assertThatThrownBy(() -> TwemproxyImport.read(POOL + POOL.replace("alpha", "beta")))
                .isInstanceOfSatisfying(
                        ImportException.class,
                        e -> assertThat(e.at("f")).isEqualTo("f:7: beta: listen: another pool has 127.0.0.1:22121"));
    }

    @Test
    void aLimitOf0IsAsGoodAs1() {
        String limits = "  auto_eject_hosts: true\n  server_failure_limit: ";
        assertThat(TwemproxyImport.read(POOL + limits + "0\n").lua("f", "twemproxy"))
                .isEqualTo(TwemproxyImport.read(POOL + limits + "1\n").lua("f", "twemproxy"))
                .contains("failurelimit = 0");
    }

    @Test
    void takesAByteOrderMarkAndLinesOfWindows() {
        assertThat(TwemproxyImport.read("\ufeff" + POOL.replace("\n", "\r\n")).lua("f", "twemproxy"))
                .isEqualTo(TwemproxyImport.read(POOL).lua("f", "twemproxy"));
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertThatThrownBy(() -> TwemproxyImport.read("alpha:\n  listen: [\n")).hasMessageStartingWith("not YAML: ");
        assertThatThrownBy(() -> TwemproxyImport.read("")).hasMessage("the file is empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &a\n  listen: *a\n",
                "a: &a\n  listen: h:1\n  servers: [\"h:1:1\"]\nb: *a\n",
                "a: { listen: &a \"h:1\", servers: [\"h:1:1\"] }\n",
                "&a a: { listen: \"h:1\", servers: [\"h:1:1\"] }\n"
            })
    void refusesAnchorsAndSoAliases(String file) {
        assertThatThrownBy(() -> TwemproxyImport.read(file))
                .isInstanceOfSatisfying(
                        ImportException.class,
                        e -> assertThat(e.at("f")).isEqualTo("f:1: &a: twemproxy takes no anchors and no aliases"));
    }
}
