package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class KeySampleTest {

    @Test
    void stopsWhenNobodyWaitsForItAnyMore() {
        KeySample sample = KeySample.generated(1_000_000);
        assertThatThrownBy(() ->
                        sample.forEach("", request -> Thread.currentThread().interrupt()))
                .isInstanceOf(CancellationException.class)
                .hasMessage("interrupted after 1 of 1000000 keys");
        assertThat(Thread.interrupted()).as("the interrupt has been taken").isFalse();
    }
}
