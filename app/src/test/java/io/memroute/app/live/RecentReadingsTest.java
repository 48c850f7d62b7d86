package io.memroute.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentReadingsTest {

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static Reading<String> at(double seconds) {
        return new Reading<>(nanos(seconds), Instant.EPOCH.plus(Duration.ofNanos(nanos(seconds))), seconds + " s");
    }

    @Test
    void theFirstReadingIsComparedWithItself() {
        RecentReadings<String> readings = new RecentReadings<>(at(0));
        assertThat(readings.nearest(nanos(-60))).isSameAs(readings.newest());
    }

    @Test
    void theFirstMinuteIsComparedWithTheStart() {
        RecentReadings<String> readings = new RecentReadings<>(at(0));
        readings.add(at(10));
        readings.add(at(20));
        assertThat(readings.nearest(nanos(20 - 60)).numbers()).isEqualTo("0.0 s");
    }

    @Test
    void aMinuteIsAMinuteHoweverLongItRunsAndWhoeverAsks() {
        RecentReadings<String> readings = new RecentReadings<>(at(0));
        double now = 0;
        for (int i = 0; i < 500; i++) {
            // For some minutes each second, as somebody watches, for some each ten.
            now += i / 100 % 2 == 0 ? 1 : 10;
            readings.add(at(now));
            // Between two readings somebody asks for the numbers of a minute ago.
            for (double asked = now; now > 70 && asked < now + 10; asked++) {
                assertThat(asked * 1e9 - readings.nearest(nanos(asked - 60)).nanoTime())
                        .as("asked at %s s", asked)
                        .isBetween(54e9, 66e9);
            }
        }
    }

    @Test
    void theLastSecondsAreKeptOneByOne() {
        RecentReadings<String> readings = new RecentReadings<>(at(0));
        for (int second = 1; second <= 100; second++) {
            readings.add(at(second));
        }
        for (int seconds = 1; seconds <= 6; seconds++) {
            assertThat(readings.newest().secondsSince(readings.nearest(nanos(100 - seconds))))
                    .isEqualTo(seconds);
        }
    }
}
