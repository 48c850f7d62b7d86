package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkScheduleTest {

    private static final long INTERVAL = 50;
    private static final long BEGIN = -1_000_000;

    private final MarkSchedule marks = new MarkSchedule(INTERVAL);
    private long now = BEGIN;
    private long requests;

    MarkScheduleTest() {
        marks.begin(now);
    }

    /** Sends requests, each answered at once, the next one after so many units of time; counts the marks. */
    private int exchange(int count, int units) {
        int sent = 0;
        for (int i = 0; i < count; i++) {
            marks.noteIdle();
            requests++;
            if (marks.due(now, requests, false)) {
                sent++;
            }
            marks.noteReply(now);
            now += units;
        }
        return sent;
    }

    @Test
    void aConnectionThatIsIdleBetweenRequestsGetsAMarkOnceInAnInterval() {
        assertThat(exchange(1000, 1)).isEqualTo(19);
    }

    @Test
    void aConnectionOfFewRequestsGetsAMarkWithEverySixteenth() {
        assertThat(exchange(1000, 4)).isEqualTo(1000 / 16);
    }

    @Test
    void aConnectionOfVeryFewRequestsGetsAMarkOnceInFiveIntervals() {
        assertThat(exchange(101, 50)).isEqualTo(100 * 50 / (5 * 50));
    }

    @Test
    void silenceProvesThatAConnectionIsInStep() {
        assertThat(exchange(100, 250)).isZero();
    }

    @Test
    void aMarkThatIsOutIsWaitedFor() {
        now += INTERVAL;
        requests += 100;
        assertThat(marks.due(now, requests, true)).isFalse();
        assertThat(marks.due(now, requests, false)).isTrue();
        assertThat(marks.due(now, requests, false)).isFalse();
    }

    @Test
    void aMarkThatIsWantedIsSentAtOnce() {
        marks.want();
        assertThat(marks.wanted()).isTrue();
        assertThat(marks.due(now, requests, true)).isTrue();
        assertThat(marks.wanted()).isFalse();

        marks.want();
        marks.forget();
        assertThat(marks.due(now, requests, true)).isFalse();
    }
}
