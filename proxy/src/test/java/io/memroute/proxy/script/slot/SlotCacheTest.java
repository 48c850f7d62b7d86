package io.memroute.proxy.script.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many free slots are kept, with a clock moved by hand. */
class SlotCacheTest {

    private static final long WAIT_NANOS = 60;

    private long nanos = 1000;
    private final SlotCache<Integer> slots = new SlotCache<>(new SlotCache.Rule(100, 10, WAIT_NANOS), () -> nanos);

    /** So many requests at once. */
    private void burst(int requests) {
        List<Integer> busy = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            Integer slot = slots.poll();
            if (slot == null) {
                slots.made();
                slot = slots.total();
            }
            busy.add(slot);
        }
        for (Integer slot : busy) {
            if (slots.isTooMany()) {
                slots.gone();
            } else {
                slots.put(slot);
            }
        }
    }

    /** So many requests one after another. */
    private void serial(int requests) {
        for (int i = 0; i < requests; i++) {
            burst(1);
        }
    }

    @Test
    void keepsTheSlotsOfABurst() {
        burst(100);
        serial(40);
        assertThat(slots.total()).isEqualTo(100);
    }

    @Test
    void givesTheLastOneUsedFirst() {
        slots.put(1);
        slots.put(2);
        assertThat(slots.poll()).isEqualTo(2);
        assertThat(slots.poll()).isEqualTo(1);
        assertThat(slots.poll()).isNull();
    }

    @Test
    void letsSlotsGoOnlyAfterTheWait() {
        burst(100);
        serial(10_000);
        assertThat(slots.total()).isEqualTo(100);
        nanos += WAIT_NANOS - 1;
        serial(10_000);
        assertThat(slots.total()).isEqualTo(100);
        nanos++;
        serial(30);
        assertThat(slots.total()).isLessThan(100).isGreaterThan(90);
    }

    @Test
    void keepsOneSlotHoweverLongItIsIdle() {
        burst(100);
        serial(1000);
        nanos += WAIT_NANOS;
        serial(10_000);
        assertThat(slots.total()).isEqualTo(1);
        assertThat(slots.poll()).isNotNull();
    }

    @Test
    void aNewSlotBeginsTheWaitAgain() {
        burst(100);
        serial(1000);
        burst(101);
        nanos += WAIT_NANOS;
        serial(150);
        assertThat(slots.total()).isEqualTo(101);
        nanos += WAIT_NANOS;
        serial(30);
        assertThat(slots.total()).isLessThan(101);
    }

    @Test
    void keepsSlotsThatAreUsedByTurns() {
        burst(100);
        for (int i = 0; i < 1000; i++) {
            burst(90);
            nanos += WAIT_NANOS;
        }
        assertThat(slots.total()).isEqualTo(100);
    }
}
