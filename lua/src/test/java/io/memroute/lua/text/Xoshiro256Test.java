package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Expected values were computed with the reference implementation's {@code math.random}, {@code math.randomseed(42)}.
 */
class Xoshiro256Test {
    @Test
    void givesTheReferenceSequenceForASeed() {
        Xoshiro256 random = new Xoshiro256(42, 0);
        assertThat(random.next()).isEqualTo(-1276290044721465627L);
        assertThat(random.next()).isEqualTo(8333941968102511665L);
        assertThat(random.next()).isEqualTo(-8358531260401861301L);
        assertThat(Xoshiro256.toFloat(random.next())).isEqualTo(0x1.965157f81204bp-1);
        assertThat(Xoshiro256.toFloat(random.next())).isEqualTo(0x1.3c110ea35f10ap-1);
        assertThat(random.project(random.next(), 1, 100)).isEqualTo(64);
        assertThat(random.project(random.next(), 1, 100)).isEqualTo(7);
        assertThat(random.project(random.next(), -5, 5)).isEqualTo(-4);
        assertThat(random.project(random.next(), Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(-4158689442498620264L);
        assertThat(random.project(random.next(), 1, 1L << 62)).isEqualTo(3570341730643388675L);
    }

    @Test
    void projectsUniformlyIntoIntervalsOfAnySize() {
        Xoshiro256 random = new Xoshiro256(1, 2);
        int[] seen = new int[3];
        for (int i = 0; i < 30_000; i++) {
            seen[(int) random.project(random.next(), -1, 1) + 1]++;
        }
        for (int count : seen) {
            assertThat(count).isBetween(9_500, 10_500);
        }
        assertThat(random.project(random.next(), 5, 5)).isEqualTo(5);
    }
}
