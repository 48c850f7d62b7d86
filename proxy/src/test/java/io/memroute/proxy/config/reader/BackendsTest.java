package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.LogOptions;
import io.memroute.proxy.config.TlsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendsTest {

    private static List<BackendSpec> backends(String list) {
        return ConfigText.withRoutes("pools{ main = { backends = " + list + " } }")
                .pool("main")
                .backends();
    }

    private static List<String> errors(String list) {
        return ConfigText.withRoutes("pools{ main = { backends =\n" + list + " } }")
                .errors();
    }

    @Test
    void readsTextsInTheirOrder() {
        assertThat(backends("{ '10.0.0.2:11212', '10.0.0.1', '[::1]:1', 'c:3 cache12', 'd:4 _down_', 'e lab _down_' }"))
                .containsExactly(
                        BackendSpec.of("10.0.0.2", 11212),
                        BackendSpec.of("10.0.0.1", 11211),
                        BackendSpec.builder("::1", 1).label("::1:1").build(),
                        BackendSpec.builder("c", 3).label("cache12").build(),
                        BackendSpec.builder("d", 4).down(true).build(),
                        BackendSpec.builder("e", 11211).label("lab").down(true).build());
    }

    @Test
    void readsTables() {
        assertThat(backends("""
                { { host = '10.0.0.1' }, { host = '[::1]', port = 11212 }, { host = 'c', port = '3', label = 'cache \
                12' },
                  { host = 'd', port = 4, connections = 8, down = true, tls = true, tcpkeepalive = true, failurelimit \
                = 1,
                    depthlimit = 2, connecttimeout = 0.5, readtimeout = 1, retrywaittime = 4, flaptime = 30,
                    flapbackofframp = 2, flapbackoffmax = 90, log = { rate = 5, errors = true, deadline = 250, tag = \
                't' } },
                }"""))
                .containsExactly(
                        BackendSpec.of("10.0.0.1", 11211),
                        BackendSpec.builder("::1", 11212).label("::1:11212").build(),
                        BackendSpec.builder("c", 3).label("cache 12").build(),
                        BackendSpec.builder("d", 4)
                                .connections(8)
                                .down(true)
                                .tls(true)
                                .tcpKeepalive(true)
                                .failureLimit(1)
                                .depthLimit(2)
                                .connectTimeout(Duration.ofMillis(500))
                                .readTimeout(Duration.ofSeconds(1))
                                .retryWait(Duration.ofSeconds(4))
                                .flapTime(Duration.ofSeconds(30))
                                .flapBackoffRamp(2)
                                .flapBackoffMax(Duration.ofSeconds(90))
                                .log(new LogOptions(5, true, Duration.ofMillis(250), "t"))
                                .build());
    }

    @Test
    void aTlsTableTurnsTlsOnAndABooleanTurnsItOnOrOffAndKeepsTheRest() {
        List<BackendSpec> backends = ConfigText.withRoutes("""
                settings{ backend_options = { tls = { name = "cache.example" } } }
                pools{ main = { backends = { 'a', { host = 'b', tls = false }, { host = 'c', tls = { verify = false } \
                } } } }
                """).pool("main").backends();
        TlsOptions named = new TlsOptions(true, true, "cache.example", "", List.of(), Optional.empty());
        assertThat(backends)
                .extracting(BackendSpec::tls)
                .containsExactly(
                        named, named.enabled(false), new TlsOptions(true, false, "", "", List.of(), Optional.empty()));
        assertThat(ConfigText.withRoutes("""
                settings{ backend_use_tls = true, backend_options = { tls = { name = "cache.example" } } }
                pools{ main = { backends = { { host = 'a', tls = true } } } }
                """).backend().tls()).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5                                 | expected true or false, got 5
            { names = "a" }                   | unknown key "names" (did you mean "name"?)
            { verify = "no" }                 | verify: expected true or false, got "no"
            { ca = "/nonexistent/ca.pem" }    | ca: "/nonexistent/ca.pem": no such file
            """)
    void saysWhatIsWrongWithTheTlsOption(String tls, String problem) {
        assertThat(errors("{ { host = 'a', tls = " + tls + " } }"))
                .containsExactly("routes.lua:2: backend 1 of pool \"main\": tls: " + problem);
    }

    @Test
    void readsTheOldNameOfTheRetryWait() {
        assertThat(backends("{ { host = 'a', retrytimeout = 5 } }").getFirst().retryWait())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(errors("{ { host = 'a', retrytimeout = 5, retrywaittime = 6 } }"))
                .containsExactly("routes.lua:2: backend 1 of pool \"main\": retrytimeout: is the older name of "
                        + "retrywaittime; give only one"
                        + " of them");
    }

    @Test
    void mergesOptionsFromTheMostGeneralToTheMostParticularKeyByKey() {
        List<BackendSpec> backends = ConfigText.withRoutes("""
                settings{
                  backend_read_timeout = 1, backend_connect_timeout = 1, backend_failure_limit = 1, \
                backend_depth_limit = 1,
                  backend_options = { connecttimeout = 2, failurelimit = 2, depthlimit = 2 },
                }
                pools{ main = {
                  backend_options = { failurelimit = 3, depthlimit = 3, down = true },
                  backends = { { host = 'a', depthlimit = 4, down = false }, 'b' },
                } }
                """).pool("main").backends();
        BackendSpec.Builder pool = BackendSpec.builder("b", 11211)
                .readTimeout(Duration.ofSeconds(1))
                .connectTimeout(Duration.ofSeconds(2))
                .failureLimit(3)
                .depthLimit(3)
                .down(true);
        assertThat(backends.get(1)).isEqualTo(pool.build());
        assertThat(backends.get(0))
                .isEqualTo(pool.host("a").depthLimit(4).down(false).build());
    }

    @Test
    void aLogTableReplacesTheOneOfAMoreGeneralLayerWhole() {
        assertThat(ConfigText.withRoutes("""
                settings{ backend_options = { log = { rate = 5, errors = true, deadline = 250, tag = "all" } } }
                pools{ main = { backend_options = { log = { tag = "mainpool" } }, backends = { "a" } } }
                """).backend().log())
                .isEqualTo(new LogOptions(1, false, Duration.ZERO, "mainpool"));
    }

    @Test
    void logsEverythingIfALogTableSaysNotWhat() {
        assertThat(backends("{ { host = 'a', log = {} } }").getFirst().log().enabled())
                .isTrue();
        assertThat(backends("{ { host = 'a', log = { errors = false } } }")
                        .getFirst()
                        .log())
                .isEqualTo(LogOptions.OFF);
    }

    @Test
    void equalBackendsOfDifferentPoolsAreEqual() {
        String text = """
                pools{
                  a = { options = { seed = "x" }, backends = { "h:1 label", "h:2" } },
                  b = { backends = { "h:2", { host = "h", port = 1, label = "label" } } },
                }
                """;
        assertThat(ConfigText.withRoutes(text).load().backends()).hasSize(2);
        assertThat(ConfigText.withRoutes("\n\n" + text).load().backends())
                .isEqualTo(ConfigText.withRoutes(text).load().backends());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}              | 1: pool \"main\": backends: is empty; a pool needs at least one backend",
                "'a:1'           | 1: pool \"main\": backends: expected a list such as { \"host:port\", "
                        + "... }, got \"a:1\"",
                "nil             | 1: pool \"main\": has no backends: expected backends = { \"host:port\", ... }",
                "{ x = 'a:1' }   | 2: pool \"main\": backends: expected a list, found the key \"x\"",
                "{ 'a', nil, 'b' } | 2: pool \"main\": backends: entry 2 of the list is nil",
                "{ 5 }           | 2: backend 1 of pool \"main\": expected \"host[:port] [label] "
                        + "[_down_]\" or a table with host, got 5",
                "{ 'a b c' }     | 2: backend 1 of pool \"main\": \"a b c\": expected \"host[:port] [label] [_down_]\"",
                "{ 'a:0' }       | 2: backend 1 of pool \"main\": \"a:0\": expected a port from 1 to 65535, got 0",
                "{ 'a', '\\xff' } | 2: backend 2 of pool \"main\": \"\uFFFD\": is not UTF-8 text",
                "{ {} }          | 2: backend 1 of pool \"main\": host is missing",
                "{ { 'a:1', host = 'a' } } | 2: backend 1 of pool \"main\": expected named options, found "
                        + "\"a:1\" without a name",
                "{ { host = 5 } } | 2: backend 1 of pool \"main\": host: expected a string, got 5",
                "{ { host = 'a b' } } | 2: backend 1 of pool \"main\": host: expected a host name or "
                        + "address, got \"a b\"",
                "{ { host = 'a:1' } } | 2: backend 1 of pool \"main\": host: expected a host name or "
                        + "address, got \"a:1\";"
                        + " the port is given as port = ...",
                "{ { host = 'a', port = 0 } } | 2: backend 1 of pool \"main\": port: expected a whole "
                        + "number from 1 to 65535, got 0",
                "{ { host = 'a', port = 'x' } } | 2: backend 1 of pool \"main\": port: expected a whole "
                        + "number from 1 to 65535, got \"x\"",
                "{ { host = 'a', prot = 1 } } | 2: backend 1 of pool \"main\": unknown option \"prot\" "
                        + "(did you mean \"port\"?)",
                "{ { host = 'a', connections = 9 } } | 2: backend 1 of pool \"main\": connections: "
                        + "expected a whole number from 1 to 8,"
                        + " got 9",
                "{ { host = 'a', connections = 0 } } | 2: backend 1 of pool \"main\": connections: "
                        + "expected a whole number from 1 to 8,"
                        + " got 0",
                "{ { host = 'a', down = 'no' } } | 2: backend 1 of pool \"main\": down: expected true or "
                        + "false, got \"no\"",
                "{ { host = 'a', log = true } } | 2: backend 1 of pool \"main\": log: expected a table, got true",
                "{ { host = 'a', log = { rat = 1 } } } | 2: backend 1 of pool \"main\": log: unknown key \"rat\""
                        + " (did you mean \"rate\"?)",
                "{ { host = 'a', log = { rate = -1 } } } | 2: backend 1 of pool \"main\": log: rate: "
                        + "expected a whole number, 0 or more,"
                        + " got -1",
            })
    void saysWhatIsWrongWithABackend(String list, String error) {
        assertThat(errors(list)).containsExactly("routes.lua:" + error);
    }

    @Test
    void refusesHostsAndLabelsThatAreTooLong() {
        assertThat(errors("{ '" + "h".repeat(255) + "' }").getFirst()).endsWith("the host is longer than 254 bytes");
        assertThat(errors("{ { host = 'a', label = ('x'):rep(512) } }"))
                .containsExactly("routes.lua:2: backend 1 of pool \"main\": the label is longer than 511 bytes");
        assertThat(backends("{ { host = 'a', label = ('x'):rep(511) } }")).hasSize(1);
    }

    @Test
    void namesTheLineOfEveryMistakeInAList() {
        assertThat(errors("""
                {
                  "good:1",
                  "bad:port",
                  { host = "c",
                    readtimeout = "x",
                    colour = 1,
                  },
                  7,
                }"""))
                .containsExactly(
                        "routes.lua:4: backend 2 of pool \"main\": \"bad:port\": expected \"host[:port] "
                                + "[label] [_down_]\"",
                        "routes.lua:6: backend 3 of pool \"main\": readtimeout: expected a number of "
                                + "seconds, more than 0, got \"x\"",
                        "routes.lua:7: backend 3 of pool \"main\": unknown option \"colour\"",
                        "routes.lua:9: backend 4 of pool \"main\": expected \"host[:port] [label] "
                                + "[_down_]\" or a table with host,"
                                + " got 7");
    }

    @Test
    void readsALoginInLayers() {
        String layers = "pools{ main = { backend_options = { user = 'proxy', password = 's3cret' }, backends = {"
                + " 'a', { host = 'b', password = 'other' }, { host = 'c', user = false } } } }";
        assertThat(ConfigText.withRoutes(layers).pool("main").backends())
                .containsExactly(
                        BackendSpec.builder("a", 11211)
                                .user("proxy")
                                .password("s3cret")
                                .build(),
                        BackendSpec.builder("b", 11211)
                                .user("proxy")
                                .password("other")
                                .build(),
                        BackendSpec.of("c", 11211))
                .asString()
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            user = 'proxy' |                            user: needs a password or a password_file beside it
            password = 's3cret' |                       password: needs a user beside it
            user = 'p q', password = 's3cret' |         user: expected a name without spaces
            user = '', password = 's3cret' |            user: is empty; for a server without a login write false
            user = 'p', password = '' |                 password: is empty
            user = 'p', password = 12345 |              password: expected a string of UTF-8 text
            user = 'p', password_file = '/none/s3cret' |password_file: "/none/s3cret": no such file or directory
            user = 'p', password_file = '/dev/null' |   password_file: "/dev/null": it is empty; expected one \
            line, the password
            """)
    void saysWhatIsWrongWithALogin(String options, String problem) {
        assertThat(errors("{ { host = 'a', " + options + " } }"))
                .singleElement()
                .asString()
                .endsWith("backend 1 of pool \"main\": " + problem);
    }
}
