package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotChangeSampleTest {

    private static final SlotChange.Sample SAMPLE = new SlotChange.Sample(20_000, 1_000, 200_000);

    @Test
    void hashesManyKeysForAFewPools() {
        assertThat(SAMPLE.keysOfEach(0)).isEqualTo(20_000);
        assertThat(SAMPLE.keysOfEach(10)).isEqualTo(20_000);
    }

    @Test
    void hashesFewerForEachOfMany() {
        assertThat(SAMPLE.keysOfEach(100)).isEqualTo(2_000);
        assertThat(SAMPLE.keysOfEach(1_000_000)).isEqualTo(1_000);
    }
}
