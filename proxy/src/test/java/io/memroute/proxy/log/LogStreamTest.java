package io.memroute.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogStreamTest {

    @ParameterizedTest
    @EnumSource
    void isFoundByItsName(LogStream stream) {
        assertThat(LogStream.named(stream.name().toLowerCase(java.util.Locale.ROOT)))
                .contains(stream);
    }

    @ParameterizedTest
    @CsvSource({
        "proxye, PROXYEVENTS",
        "proxyu, PROXYUSER",
        "d, DELETIONS",
        "p, PROXYREQS",
        "proxy, PROXYREQS",
        "e, EVICTIONS"
    })
    void isFoundByItsBeginningTheFirstOneOfSeveral(String word, LogStream stream) {
        assertThat(LogStream.named(word)).contains(stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxyreqs2", "PROXYREQS", "q", "proxy-events"})
    void isNotFoundByAnythingElse(String word) {
        assertThat(LogStream.named(word)).isEqualTo(Optional.empty());
    }

    @Test
    void hasABitOfItsOwn() {
        int all = 0;
        for (LogStream stream : LogStream.values()) {
            all += stream.bit();
        }
        assertThat(Integer.bitCount(all)).isEqualTo(LogStream.values().length);
    }
}
