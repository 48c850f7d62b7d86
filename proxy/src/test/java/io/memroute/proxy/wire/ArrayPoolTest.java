package io.memroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayPoolTest {

    private final ArrayPool pool = new ArrayPool();

    @ParameterizedTest
    @CsvSource({
        "1,512",
        "512,512",
        "513,2048",
        "2048,2048",
        "2049,8192",
        "8193,32768",
        "32768,32768",
        "32769,131072",
        "524288,524288",
        "524289,524289"
    })
    void givesTheShortestLengthThatSuffices(int least, int length) {
        assertThat(pool.take(least)).hasSize(length);
    }

    @ParameterizedTest
    @CsvSource({"1", "600", "5000", "32768"})
    void givesOutAgainWhatWasGivenBack(int least) {
        byte[] array = pool.take(least);
        pool.give(array);

        assertThat(pool.take(least)).isSameAs(array);
        assertThat(pool.take(least)).isNotSameAs(array);
    }

    @Test
    void doesNotKeepUnusualLengths() {
        byte[] array = pool.take(600_000);
        pool.give(array);
        byte[] odd = new byte[600];
        pool.give(odd);

        assertThat(pool.take(600_000)).isNotSameAs(array);
        assertThat(pool.take(600)).hasSize(2048);
    }

    @Test
    void keepsNoMoreThanAMebibyteOfALength() {
        byte[][] taken = new byte[2100][];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = pool.take(100);
        }
        for (byte[] array : taken) {
            pool.give(array);
        }

        for (int i = 0; i < 2048; i++) {
            assertThat(pool.take(100)).isSameAs(taken[2047 - i]);
        }
        byte[] further = pool.take(100);
        assertThat(Arrays.stream(taken).anyMatch(array -> array == further)).isFalse();
    }
}
