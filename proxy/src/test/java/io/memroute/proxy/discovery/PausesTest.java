package io.memroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {

    private double chance;
    private final Pauses pauses = new Pauses(() -> chance);

    @Test
    void growAfterFailuresAndBeginAnewAfterAnAnswer() {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            seconds.add(pauses.afterFailure(Duration.ZERO).toSeconds());
        }
        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(pauses.afterAnswer(Duration.ofSeconds(20))).hasSeconds(20);
        assertThat(pauses.afterFailure(Duration.ZERO)).hasSeconds(1);
    }

    @Test
    void areNotShorterThanTheSourceWantsThem() {
        chance = 1;
        assertThat(pauses.afterFailure(Duration.ofMinutes(2)))
                .isBetween(Duration.ofSeconds(120), Duration.ofSeconds(121));
        assertThat(pauses.afterFailure(Duration.ZERO)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void differByATenthSoThatReplicasDoNotAskTogether() {
        chance = 1;
        assertThat(pauses.afterAnswer(Duration.ofSeconds(20))).hasSeconds(18);
    }
}
