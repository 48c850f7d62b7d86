package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestAgesTest {

    private final RequestAges ages = new RequestAges();

    @Test
    void countsFromTheWriteOfTheOldestRequestThatIsNotAnswered() {
        ages.written(3, 0, 100);
        ages.written(5, 0, 200);

        assertThat(ages.oldestNanos(0)).isEqualTo(100);
        assertThat(ages.oldestNanos(2)).isEqualTo(100);
        assertThat(ages.oldestNanos(3)).isEqualTo(200);
        assertThat(ages.isWaiting(4)).isTrue();
        assertThat(ages.isWaiting(5)).isFalse();
    }

    /** Replies to other requests are no sign of life: one that is lost must be noticed under load. */
    @Test
    void isNotChangedBySmallReplies() {
        ages.written(1, 0, 100);
        for (int i = 1; i < 1000; i++) {
            ages.written(1 + i, i - 1, 100 + i);
        }

        assertThat(ages.oldestNanos(998)).isEqualTo(100 + 998);
        assertThat(ages.oldestNanos(0)).isLessThanOrEqualTo(100 + 998);
    }

    @Test
    void countsFromTheEndOfALargeReplyBefore() {
        ages.written(2, 0, 100);
        ages.received(1000, false, 5000);
        assertThat(ages.oldestNanos(1)).isEqualTo(100);

        ages.received(1000, true, 6000);

        assertThat(ages.oldestNanos(1)).isEqualTo(6000);
        ages.written(3, 2, 7000);
        assertThat(ages.oldestNanos(2)).isEqualTo(7000);
    }

    @Test
    void takesALargeReplyForAliveOnlyIfEnoughOfItComes() {
        ages.written(1, 0, 100);
        for (int i = 0; i < 60; i++) {
            ages.received(1000, false, 1000 + i);
        }
        assertThat(ages.oldestNanos(0)).isEqualTo(100);

        ages.received(10_000, false, 2000);

        assertThat(ages.oldestNanos(0)).isEqualTo(2000);
    }

    /** The request of a large reply counts as answered as soon as the reply begins. */
    @Test
    void countsFromTheWriteOfTheRequestWhoseLargeReplyIsArriving() {
        for (int i = 0; i < 40; i++) {
            ages.written(i + 1, i, 10 * i);
        }

        assertThat(ages.isWaiting(40)).isFalse();
        assertThat(ages.oldestNanos(40)).isEqualTo(390);
    }

    @Test
    void keepsAnyNumberOfWrites() {
        for (int i = 0; i < 100; i++) {
            ages.written(i + 1, 0, 10 * i);
        }

        assertThat(ages.oldestNanos(50)).isEqualTo(500);
        ages.clear();
        assertThat(ages.isWaiting(50)).isFalse();
    }
}
