package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:11212, 10.0.0.1, 11212",
        "10.0.0.1, 10.0.0.1, 11211",
        "cache-7.example.com:1, cache-7.example.com, 1",
        "cache_7, cache_7, 11211",
        "[::1]:11212, ::1, 11212",
        "[::1], ::1, 11211",
        "[2001:db8::7]:65535, 2001:db8::7, 65535",
        "::1:11211, ::1, 11211",
        "2001:db8::7:11211, 2001:db8::7, 11211",
        "2001:db8::7, 2001:db8::7, 11211",
        "fe80::1, fe80::1, 11211",
        "2001:db8:0:0:0:0:0:7, 2001:db8:0:0:0:0:0:7, 11211",
        "2001:db8:0:0:0:0:0:7:11212, 2001:db8:0:0:0:0:0:7, 11212",
        "127.1.0.0.1:11311, 127.1.0.0.1, 11311",
    })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(BackendAddress.parse(text)).isEqualTo(new BackendAddress(host, port, null, false));
    }

    @Test
    void keepsTheWholeLabel() {
        assertThat(BackendAddress.parse("x:1 cache12")).isEqualTo(new BackendAddress("x", 1, "cache12", false));
        assertThat(BackendAddress.parse("  x:1 \t a-b.c/7  ")).isEqualTo(new BackendAddress("x", 1, "a-b.c/7", false));
    }

    @Test
    void knowsThatABackendIsDownWithAndWithoutLabel() {
        assertThat(BackendAddress.parse("x:1 _down_")).isEqualTo(new BackendAddress("x", 1, null, true));
        assertThat(BackendAddress.parse("x:1 cache12 _down_")).isEqualTo(new BackendAddress("x", 1, "cache12", true));
        assertThat(BackendAddress.parse("x _down_")).isEqualTo(new BackendAddress("x", 11211, null, true));
        assertThat(BackendAddress.parse("x:1_down_")).isEqualTo(new BackendAddress("x", 1, null, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  ", "_down_", "x:1 label more", ":11211", "x:", "[::1]11211", "[::1]:", "x:port", "[]:1"})
    void refusesWhatIsNotABackend(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendAddress.parse(text))
                .withMessage("expected \"host[:port] [label] [_down_]\"");
    }

    @ParameterizedTest
    @CsvSource({"x:0,0", "x:65536,65536", "x:99999999999,99999999999", "[::1]:70000,70000", "::1:70000,70000"})
    void refusesPortsOutOfRange(String text, String port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendAddress.parse(text))
                .withMessage("expected a port from 1 to 65535, got " + port);
    }

    @Test
    void refusesBrokenIpV6Addresses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendAddress.parse("[10.0.0.1]:11211"))
                .withMessage("\"10.0.0.1\" in brackets is not an IPv6 address");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendAddress.parse("a:b:11211"))
                .withMessage("neither host:port nor an IPv6 address");
    }

    @Test
    void readsAHostByItself() {
        assertThat(BackendAddress.host("10.0.0.1")).contains("10.0.0.1");
        assertThat(BackendAddress.host("[::1]")).contains("::1");
        assertThat(BackendAddress.host("::1")).contains("::1");
        assertThat(BackendAddress.host("10.0.0.1:11211")).isEmpty();
        assertThat(BackendAddress.host("a b")).isEmpty();
        assertThat(BackendAddress.host("")).isEmpty();
    }
}
