package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.events.BackendFailure;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GetMergingTest {

    private final GetMerging merging = new GetMerging(true);
    private long now = TimeUnit.DAYS.toNanos(1);

    private boolean lost(BackendFailure failure) {
        return merging.lost(failure, now);
    }

    private void elapseSeconds(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        merging.elapse(now);
    }

    @ParameterizedTest
    @EnumSource(
            value = BackendFailure.class,
            names = {"DISCONNECTED", "READING", "PARSING"})
    void pausesAfterTwoConnectionsLostInARow(BackendFailure failure) {
        assertThat(lost(failure)).isFalse();
        assertThat(merging.allowed()).isTrue();

        assertThat(lost(failure)).isTrue();
        assertThat(merging.allowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = BackendFailure.class,
            names = {"WRONG_KEY", "MISSING_END", "UNCLEAR_GET"})
    void pausesAtOnceWhenTheAnswerItselfIsWrong(BackendFailure failure) {
        assertThat(lost(failure)).isTrue();
        assertThat(merging.allowed()).isFalse();
    }

    @Test
    void doesNotPauseIfSharedLinesAreAnsweredBetweenTheLosses() {
        for (int i = 0; i < 3; i++) {
            assertThat(lost(BackendFailure.DISCONNECTED)).isFalse();
            merging.answered();
        }
        assertThat(merging.allowed()).isTrue();
    }

    @Test
    void pausesAgainAtTheFirstLossAfterAPauseAndTwiceAsLong() {
        lost(BackendFailure.DISCONNECTED);
        lost(BackendFailure.DISCONNECTED);
        elapseSeconds(9);
        assertThat(merging.allowed()).isFalse();
        elapseSeconds(1);
        assertThat(merging.allowed()).isTrue();

        assertThat(lost(BackendFailure.DISCONNECTED)).isTrue();
        elapseSeconds(19);
        assertThat(merging.allowed()).isFalse();
        elapseSeconds(1);
        assertThat(merging.allowed()).isTrue();
    }

    /** A server that was in trouble once, for however long, is not distrusted for good. */
    @Test
    void beginsWithAShortPauseAgainAfterAGoodTime() {
        for (int pause = 10; pause < 600; pause *= 2) {
            merging.pause(now);
            elapseSeconds(pause);
        }
        merging.pause(now);
        elapseSeconds(599);
        assertThat(merging.allowed()).isFalse();
        elapseSeconds(1);
        assertThat(merging.allowed()).isTrue();

        elapseSeconds(600);
        merging.pause(now);
        elapseSeconds(10);
        assertThat(merging.allowed()).isTrue();
    }

    @Test
    void asksNothingAgainThatHasWaitedForTheReadTimeout() {
        lost(BackendFailure.TIMEOUT);
        assertThat(lost(BackendFailure.TIMEOUT)).isFalse();
        assertThat(merging.allowed()).isFalse();
    }

    @Test
    void blamesNoServerForMemoryThatThisProcessLacks() {
        lost(BackendFailure.OUT_OF_MEMORY);
        assertThat(lost(BackendFailure.OUT_OF_MEMORY)).isFalse();
        assertThat(merging.allowed()).isTrue();
    }
}
