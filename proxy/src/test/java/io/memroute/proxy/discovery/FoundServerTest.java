package io.memroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoundServerTest {

    @ParameterizedTest
    @CsvSource({
        "mc-0, mc-0, 11211",
        "mc-0.test:1234, mc-0.test, 1234",
        "10.0.0.1:1234, 10.0.0.1, 1234",
        "[::1]:1234, ::1, 1234",
        "[::1], ::1, 11211",
        "fe80::1, fe80::1, 11211"
    })
    void readsAServer(String text, String host, int port) {
        assertThat(FoundServer.parse(text, 11211)).isEqualTo(new FoundServer(host, host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":1",
                "a:",
                "a:b",
                "a:0",
                "a:65536",
                "a b:1",
                "a\u0000:1",
                "[::1",
                "[::1]x",
                "[::1]x:1",
                "a/b:1"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> FoundServer.parse(text, 11211))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("expected ")
                .doesNotContain("\u0000");
    }

    @Test
    void ordersNamesAsPeopleDo() {
        List<String> ordered = List.of("a", "mc-0", "mc-1", "mc-2", "mc-010", "mc-10", "mc-11.b", "mc-11.c", "z");
        assertThat(Stream.of("z", "mc-10", "mc-2", "mc-11.c", "a", "mc-0", "mc-010", "mc-11.b", "mc-1")
                        .map(name -> FoundServer.of(name, 1))
                        .sorted()
                        .map(FoundServer::name))
                .isEqualTo(ordered);
        assertThat(FoundServer.of("a", 2)).isLessThan(FoundServer.of("a", 10));
    }
}
