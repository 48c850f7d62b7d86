package io.memroute.proxy.discovery.source;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The pause that a server asks for when it refuses a request: a number of seconds, or a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, 10.2.3, Retry-After</a>
 */
final class RetryAfter {

    /** A longer pause is more likely a mistake: a source must not be left alone for hours. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private RetryAfter() {}

    /** The pause; zero if there is none, or none that can be read. */
    static Duration of(HttpHeaders headers, Instant now) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        return bounded(value.matches("[0-9]+") ? seconds(value) : until(value, now));
    }

    /**
     * The pause in the {@code details} of a Kubernetes {@code Status}, which stands for the header where there is none.
     *
     * @param retryAfterSeconds as JSON has it; missing if none is asked for
     * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/definitions/status-v1-meta/">Status</a>
     */
    static Duration of(@Nullable Object retryAfterSeconds) {
        return retryAfterSeconds instanceof Double seconds
                ? bounded(Duration.ofSeconds(seconds.longValue()))
                : Duration.ZERO;
    }

    private static Duration bounded(Duration pause) {
        if (pause.isNegative()) {
            return Duration.ZERO;
        }
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }

    private static Duration seconds(String digits) {
        try {
            return Duration.ofSeconds(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return LONGEST;
        }
    }

    private static Duration until(String date, Instant now) {
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
