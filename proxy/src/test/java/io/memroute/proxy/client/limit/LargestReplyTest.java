package io.memroute.proxy.client.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LargestReplyTest {

    private final LargestReply largest = new LargestReply();
    private long now = System.nanoTime();

    private void passSeconds(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void expectsTheLargestOfLately() {
        assertThat(largest.bytes(now)).isEqualTo(LargestReply.LEAST_BYTES);
        largest.seen(500_000, now);
        largest.seen(100_000, now);
        assertThat(largest.bytes(now)).isEqualTo(500_000);
    }

    @Test
    void forgetsAfterAMinuteAtMost() {
        largest.seen(500_000, now);
        passSeconds(31);
        assertThat(largest.bytes(now)).isEqualTo(500_000);
        largest.seen(100_000, now);
        passSeconds(31);
        assertThat(largest.bytes(now)).isEqualTo(100_000);
        passSeconds(31);
        assertThat(largest.bytes(now)).isEqualTo(LargestReply.LEAST_BYTES);
    }

    @Test
    void forgetsWhatIsOlderThanALongSilence() {
        largest.seen(500_000, now);
        passSeconds(3600);
        assertThat(largest.bytes(now)).isEqualTo(LargestReply.LEAST_BYTES);
    }
}
