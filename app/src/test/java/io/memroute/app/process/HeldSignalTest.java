package io.memroute.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeldSignalTest {

    private final HeldSignal signal = new HeldSignal();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void runsTheActionOnceForAllSignalsThatCameBeforeIt() {
        signal.arrive();
        signal.arrive();
        signal.release(runs::incrementAndGet);
        assertThat(runs).hasValue(1);
    }

    @Test
    void runsTheActionForEachSignalThatComesLater() {
        signal.release(runs::incrementAndGet);
        assertThat(runs).hasValue(0);
        signal.arrive();
        signal.arrive();
        assertThat(runs).hasValue(2);
    }
}
