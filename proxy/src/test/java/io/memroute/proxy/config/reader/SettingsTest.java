package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.discovery.DiscoverySettings;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String ONE_POOL = "pools{ main = { backends = { 'a:1' } } }\n";

    private static Settings settings(String text) {
        return ConfigText.withRoutes(text).load().settings();
    }

    @Test
    void hasMemcachedsDefaultsWithoutSettings() {
        assertThat(settings(""))
                .isEqualTo(new Settings(
                        0, OptionalLong.empty(), false, true, false, DiscoverySettings.DEFAULTS, ClientRules.NONE));
        assertThat(ConfigText.withRoutes(ONE_POOL).backend())
                .isEqualTo(BackendSpec.builder("a", 1)
                        .label("a:1")
                        .connections(1)
                        .down(false)
                        .tls(false)
                        .tcpKeepalive(false)
                        .failureLimit(3)
                        .depthLimit(0)
                        .connectTimeout(Duration.ofSeconds(5))
                        .readTimeout(Duration.ofSeconds(3))
                        .retryWait(Duration.ofSeconds(3))
                        .flapTime(Duration.ofMillis(200))
                        .flapBackoffRamp(1.5)
                        .flapBackoffMax(Duration.ofMinutes(1))
                        .build());
    }

    @Test
    void readsWhatHoldsForTheProxy() {
        assertThat(settings("""
                settings{ active_req_limit = 100, buffer_memory_limit = 64, allow_flush_all = true, merge_gets = false,
                          miss_on_error = true }
                """))
                .isEqualTo(new Settings(
                        100,
                        OptionalLong.of(64 * 1024),
                        true,
                        false,
                        true,
                        DiscoverySettings.DEFAULTS,
                        ClientRules.NONE));
        assertThat(settings("settings{ active_request_limit = 7 }").activeRequestLimit())
                .isEqualTo(7);
        assertThat(settings("settings{ buffer_memory_limit = 2147483647 }")
                        .bufferMemoryLimitBytes()
                        .orElseThrow())
                .isEqualTo(2147483647L * 1024);
    }

    @Test
    void everyBackendSettingReachesTheBackends() {
        assertThat(ConfigText.withRoutes(ONE_POOL + """
                settings{
                  backend_connect_timeout = 0.25, backend_read_timeout = 1.5, backend_retry_waittime = 7,
                  backend_failure_limit = 0, backend_depth_limit = 400, backend_flap_time = 30.5,
                  backend_flap_backoff_ramp = 1.2, backend_flap_backoff_max = 60, backend_use_tls = true,
                  tcp_keepalive = true,
                }
                """).backend())
                .isEqualTo(BackendSpec.builder("a", 1)
                        .connectTimeout(Duration.ofMillis(250))
                        .readTimeout(Duration.ofMillis(1500))
                        .retryWait(Duration.ofSeconds(7))
                        .failureLimit(0)
                        .depthLimit(400)
                        .flapTime(Duration.ofMillis(30_500))
                        .flapBackoffRamp(1.2)
                        .flapBackoffMax(Duration.ofSeconds(60))
                        .tls(true)
                        .tcpKeepalive(true)
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1", "1.4, 1", "1.5, 2", "2, 2", "0, 1"})
    void roundsTheRetryWaitToWholeSecondsAndAtLeastOne(String configured, int seconds) {
        assertThat(ConfigText.withRoutes(ONE_POOL + "settings{ backend_retry_waittime = " + configured + " }")
                        .backend()
                        .retryWait())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void raisesAFlapRampThatWouldNotGrow() {
        assertThat(ConfigText.withRoutes(ONE_POOL + "settings{ backend_flap_backoff_ramp = 0.5 }")
                        .backend()
                        .flapBackoffRamp())
                .isEqualTo(1.1);
    }

    @Test
    void takesNumbersWrittenAsStrings() {
        assertThat(settings("settings{ active_req_limit = '12' }").activeRequestLimit())
                .isEqualTo(12);
    }

    @Test
    void theIoThreadSettingIsTheDefaultOfPools() {
        String text = """
                settings{ backend_use_iothread = true }
                pools{ a = { backends = { 'x' } }, b = { options = { iothread = false }, backends = { 'x' } } }
                """;
        assertThat(ConfigText.withRoutes(text).pool("a").options().ioThread()).isTrue();
        assertThat(ConfigText.withRoutes(text).pool("b").options().ioThread()).isFalse();
    }

    @Test
    void aLaterCallReplacesAnEarlierOne() {
        assertThat(settings("settings{ active_req_limit = 5, merge_gets = false } settings{ active_req_limit = 6 }"))
                .isEqualTo(new Settings(
                        6, OptionalLong.empty(), false, true, false, DiscoverySettings.DEFAULTS, ClientRules.NONE));
    }

    @Test
    void nothingStaysFromOneLoadToTheNext() {
        assertThat(settings("settings{ active_req_limit = 5 } kept = true")).isNotEqualTo(Settings.DEFAULTS);
        assertThat(settings("if kept then settings{ active_req_limit = 6 } end"))
                .isEqualTo(Settings.DEFAULTS);
    }

    @Test
    void tunablesOfMcpMeanTheSettingsOfTheSameName() {
        assertThat(ConfigText.withRoutes(ONE_POOL + """
                mcp.backend_connect_timeout(2)
                mcp.backend_retry_timeout(9)
                mcp.backend_depth_limit(10)
                mcp.backend_depth_limit(11)
                mcp.tcp_keepalive(true)
                mcp.luagc_ratio(3)
                mcp.stat_limit(2000)
                """).backend())
                .isEqualTo(BackendSpec.builder("a", 1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .retryWait(Duration.ofSeconds(9))
                        .depthLimit(11)
                        .tcpKeepalive(true)
                        .build());
        assertThat(settings("mcp.active_req_limit(3) mcp.buffer_memory_limit(2)"))
                .isEqualTo(new Settings(
                        3, OptionalLong.of(2048), false, true, false, DiscoverySettings.DEFAULTS, ClientRules.NONE));
    }

    @Test
    void settingsOverrideTunables() {
        assertThat(settings("settings{ active_req_limit = 5 } mcp.active_req_limit(3)")
                        .activeRequestLimit())
                .isEqualTo(5);
    }

    @Test
    void namesATunablesMistakeAndItsLine() {
        assertThat(ConfigText.withRoutes("\nmcp.backend_depth_limit('deep')\nmcp.tcp_keepalive()")
                        .errors())
                .containsExactly(
                        "routes.lua:2: mcp: backend_depth_limit: expected a whole number, 0 or more, got \"deep\"",
                        "routes.lua:3: mcp.tcp_keepalive: expected a value, got nil");
    }

    @Test
    void anUnknownSettingIsAnErrorWithTheNearestName() {
        assertThat(ConfigText.withRoutes("settings{\n  backend_red_timeout = 1,\n  colour = 2,\n}")
                        .errors())
                .containsExactly(
                        "routes.lua:2: settings: unknown setting \"backend_red_timeout\""
                                + " (did you mean \"backend_read_timeout\"?)",
                        "routes.lua:3: settings: unknown setting \"colour\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "active_req_limit = -1            | active_req_limit: expected a whole number, 0 or more, got -1",
                "active_req_limit = 1.5           | active_req_limit: expected a whole number, 0 or more, got 1.5",
                "active_req_limit = 3000000000    | active_req_limit: expected a whole number, 0 or more, "
                        + "got 3000000000",
                "buffer_memory_limit = {}         | buffer_memory_limit: expected a whole number, 0 or "
                        + "more, got a table",
                "backend_connect_timeout = 0      | backend_connect_timeout: expected a number of "
                        + "seconds, more than 0, got 0",
                "backend_connect_timeout = 1/0    | backend_connect_timeout: expected a number of "
                        + "seconds, more than 0, got inf",
                "backend_read_timeout = 0/0 ~= 1  | backend_read_timeout: expected a number of seconds, "
                        + "more than 0, got true",
                "backend_read_timeout = 'soon'    | backend_read_timeout: expected a number of seconds, "
                        + "more than 0, got \"soon\"",
                "backend_retry_waittime = -2      | backend_retry_waittime: expected a number of seconds, "
                        + "0 or more, got -2",
                "backend_flap_time = print        | backend_flap_time: expected a number of seconds, 0 or "
                        + "more, got a function",
                "backend_flap_backoff_ramp = {}   | backend_flap_backoff_ramp: expected a number, got a table",
                "backend_failure_limit = -1       | backend_failure_limit: expected a whole number, 0 or more, got -1",
                "tcp_keepalive = 1                | tcp_keepalive: expected true or false, got 1",
                "backend_use_tls = 'yes'          | backend_use_tls: expected true or false, got \"yes\"",
                "allow_flush_all = 'true'         | allow_flush_all: expected true or false, got \"true\"",
                "merge_gets = 0                   | merge_gets: expected true or false, got 0",
                "pool_options = 'tags'            | pool_options: expected a table, got \"tags\"",
                "backend_options = { conections = 2 } | backend_options: unknown option \"conections\""
                        + " (did you mean \"connections\"?)",
                "pool_options = { seeed = 'x' }   | pool_options: unknown option \"seeed\" (did you mean \"seed\"?)",
            })
    void saysWhatWasExpected(String setting, String error) {
        assertThat(ConfigText.withRoutes("settings{\n  " + setting + " }").errors())
                .containsExactly("routes.lua:2: settings: " + error);
    }

    @Test
    void refusesBothNamesOfTheSameSetting() {
        assertThat(ConfigText.withRoutes("settings{ active_req_limit = 1,\n active_request_limit = 2 }")
                        .errors())
                .containsExactly("routes.lua:2: settings: active_request_limit: is another name of active_req_limit;"
                        + " give only one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"settings('fast')", "settings 'fast'"})
    void expectsATable(String call) {
        assertThat(ConfigText.withRoutes(call).errors())
                .containsExactly("routes.lua:1: settings: expected a table, as in settings{ ... }, got \"fast\"");
    }

    @Test
    void namesAValueWithoutAName() {
        assertThat(ConfigText.withRoutes("settings{ 100 }").errors())
                .containsExactly("routes.lua:1: settings: expected named settings, found 100 without a name");
    }
}
