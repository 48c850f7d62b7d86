package io.memroute.proxy.route.choice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

public class HostOrderTest {

    private static final List<Double> EVEN = List.of(1.0, 1.0, 1.0, 1.0);

    @Test
    void isTheSameEveryTimeAndHasEveryChildOnce() {
        assertThat(HostOrder.of("web1", "", EVEN))
                .containsExactlyInAnyOrder(0, 1, 2, 3)
                .isEqualTo(HostOrder.of("web1", "", EVEN));
    }

    @Test
    void allHostsTogetherUseEveryChildFirstForItsWeightsShare() {
        int[] first = new int[3];
        for (int host = 0; host < 10_000; host++) {
            first[HostOrder.of("web" + host, "", List.of(1.0, 3.0, 0.0))[0]]++;
        }
        assertThat(first[0]).isBetween(2_300, 2_700);
        assertThat(first[1]).isBetween(7_300, 7_700);
        assertThat(first[2]).isZero();
    }

    @Test
    void saltsChooseDifferently() {
        long changed = java.util.stream.IntStream.range(0, 1000)
                .filter(host -> HostOrder.of("web" + host, "a", EVEN)[0] != HostOrder.of("web" + host, "b", EVEN)[0])
                .count();
        assertThat(changed).isBetween(650L, 850L);
    }

    @Test
    void thisHostHasAName() {
        assertThat(HostOrder.localName()).isNotBlank();
    }
}
