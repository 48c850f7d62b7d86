package io.memroute.proxy.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests wait at a server if they take clearly longer than others do. */
class ServerDelayTest {

    private final ServerDelay delay = new ServerDelay();

    private boolean exceeds(long micros, long nowMillis) {
        return delay.exceeds(TimeUnit.MICROSECONDS.toNanos(micros), TimeUnit.MILLISECONDS.toNanos(nowMillis));
    }

    @Test
    void theShortestTimeIsTheMeasure() {
        assertThat(exceeds(500, 5000)).isFalse();
        assertThat(exceeds(100, 5000)).isFalse();
        assertThat(exceeds(200, 5000)).isFalse();
        assertThat(exceeds(201, 5000)).isTrue();
    }

    @Test
    void farServersMayVaryMore() {
        assertThat(exceeds(10_000, 5000)).isFalse();
        assertThat(exceeds(15_050, 5000)).isFalse();
        assertThat(exceeds(15_051, 5000)).isTrue();
    }

    @Test
    void aServerThatHasBecomeSlowerIsTakenAsItIs() {
        assertThat(exceeds(100, 5000)).isFalse();
        assertThat(exceeds(5000, 6000)).isTrue();
        assertThat(exceeds(5000, 6999)).isTrue();
        assertThat(exceeds(5000, 7000)).isFalse();
    }

    @Test
    void anotherConnectionHasTimesOfItsOwn() {
        assertThat(exceeds(100, 5000)).isFalse();
        delay.clear();
        assertThat(exceeds(5000, 5000)).isFalse();
    }
}
