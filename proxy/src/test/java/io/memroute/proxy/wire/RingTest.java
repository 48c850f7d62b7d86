package io.memroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingTest {

    private final Ring ring = new Ring(2);
    private int[] entries = new int[2];

    private void add(int entry) {
        if (ring.isFull()) {
            entries = ring.copy(entries, new int[entries.length << 1]);
            ring.grown();
        }
        entries[ring.add()] = entry;
    }

    @Test
    void keepsTheOrderWhileItGrowsAndTurns() {
        ArrayDeque<Integer> expected = new ArrayDeque<>();
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            if (expected.isEmpty() || random.nextInt(100) < 51) {
                add(i);
                expected.add(i);
            } else {
                assertThat(entries[ring.slot(0)]).isEqualTo(expected.remove());
                ring.remove();
            }
            int distance = 0;
            for (int entry : expected) {
                assertThat(entries[ring.slot(distance++)]).isEqualTo(entry);
            }
            assertThat(ring.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void isEmptyOnceCleared() {
        add(1);
        add(2);
        add(3);

        ring.clear();

        assertThat(ring.isEmpty()).isTrue();
        add(4);
        assertThat(entries[ring.slot(0)]).isEqualTo(4);
    }
}
