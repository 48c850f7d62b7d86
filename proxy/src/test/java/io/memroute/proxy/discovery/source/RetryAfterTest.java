package io.memroute.proxy.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void isANumberOfSecondsOrADate() {
        assertThat(pause("120")).hasSeconds(120);
        assertThat(pause("Fri, 02 Jan 2026 03:06:05 GMT")).hasSeconds(120);
    }

    @Test
    void isNeverLongerThanTenMinutes() {
        for (String value : List.of("601", "999999999", "1000000000", "99999999999999999999")) {
            assertThat(pause(value)).as(value).hasSeconds(600);
        }
        assertThat(pause("Wed, 02 Jan 2126 03:06:05 GMT")).hasSeconds(600);
    }

    @Test
    void isNoneIfItCannotBeReadOrIsOver() {
        for (String value : List.of("", "soon", "-5", "1e3", "Fri, 02 Jan 2026 03:04:04 GMT")) {
            assertThat(pause(value)).as(value).isZero();
        }
        assertThat(RetryAfter.of(HttpHeaders.of(Map.of(), (name, value) -> true), NOW))
                .isZero();
    }

    @Test
    void readsTheSecondsOfAStatus() {
        assertThat(RetryAfter.of(17.0)).hasSeconds(17);
        assertThat(RetryAfter.of(1e300)).isEqualTo(RetryAfter.LONGEST);
        assertThat(RetryAfter.of(-1.0)).isZero();
        assertThat(RetryAfter.of("17")).isZero();
        assertThat(RetryAfter.of((Object) null)).isZero();
    }

    private static Duration pause(String value) {
        return RetryAfter.of(HttpHeaders.of(Map.of("retry-after", List.of(value)), (name, ignored) -> true), NOW);
    }
}
