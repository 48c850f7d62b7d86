package io.memroute.proxy.client.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.client.time.ArrivalTimes.Verdict;
import org.junit.jupiter.api.Test;

class ArrivalTimesTest {

    private static final ClientTimes TIMES = new ClientTimes(60, 30);

    private final ArrivalTimes client = new ArrivalTimes(1000);

    @Test
    void isIdleAfterMoreThanTheTimeoutWithoutARequest() {
        assertThat(client.judge(1060, TIMES, false)).isEqualTo(Verdict.STAYS);
        assertThat(client.judge(1061, TIMES, false)).isEqualTo(Verdict.IDLE);
    }

    @Test
    void isNotIdleForSoLongAfterAReadOrWork() {
        client.read(1050, 9, 0, 0);
        assertThat(client.judge(1110, TIMES, false)).isEqualTo(Verdict.STAYS);
        client.busy(1110);
        assertThat(client.judge(1170, TIMES, false)).isEqualTo(Verdict.STAYS);
        assertThat(client.judge(1171, TIMES, false)).isEqualTo(Verdict.IDLE);
    }

    @Test
    void staysForEverByDefaultIfItAsksForNothing() {
        assertThat(client.judge(Integer.MAX_VALUE, ClientTimes.DEFAULTS, false)).isEqualTo(Verdict.STAYS);
    }

    @Test
    void aRequestThatTricklesInIsTooSlowFromItsFirstByteOn() {
        client.read(1010, 1, 0, 1);
        for (int second = 1011; second <= 1040; second++) {
            client.read(second, 1, second - 1010, second - 1009);
            assertThat(client.judge(second, TIMES, true)).isEqualTo(Verdict.STAYS);
        }
        assertThat(client.judge(1041, TIMES, true)).isEqualTo(Verdict.TOO_SLOW);
    }

    @Test
    void theEndOfOneRequestAndTheBeginningOfTheNextStartAnew() {
        client.read(1010, 5, 0, 5);
        client.read(1039, 10, 5, 3);
        assertThat(client.judge(1069, TIMES, true)).isEqualTo(Verdict.STAYS);
        assertThat(client.judge(1070, TIMES, true)).isEqualTo(Verdict.TOO_SLOW);
    }

    @Test
    void whatArrivesOfALargeValueEarnsItTime() {
        long arrived = 0;
        for (int second = 1000; second < 2000; second++) {
            client.read(second, ClientTimes.BYTES_PER_SECOND, arrived, arrived + ClientTimes.BYTES_PER_SECOND);
            arrived += ClientTimes.BYTES_PER_SECOND;
            assertThat(client.judge(second, TIMES, true)).isEqualTo(Verdict.STAYS);
        }
        // A thousand seconds' worth, and the thirty that everybody has.
        assertThat(client.judge(2030, TIMES, true)).isEqualTo(Verdict.STAYS);
        assertThat(client.judge(2031, TIMES, true)).isEqualTo(Verdict.TOO_SLOW);
    }

    @Test
    void whatThePausingProxyDidNotReadIsNotHeldAgainstTheClient() {
        client.read(1000, 5, 0, 5);
        client.restart(1100);
        assertThat(client.judge(1130, TIMES, true)).isEqualTo(Verdict.STAYS);
        assertThat(client.judge(1131, TIMES, true)).isEqualTo(Verdict.TOO_SLOW);
    }

    @Test
    void withoutALimitAnUnfinishedRequestIsIdleAsMemcachedsIs() {
        ClientTimes idleOnly = new ClientTimes(60, 0);
        client.read(1010, 5, 0, 5);
        client.read(1050, 5, 5, 10);
        assertThat(client.judge(1070, idleOnly, true)).isEqualTo(Verdict.STAYS);
        assertThat(client.judge(1071, idleOnly, true)).isEqualTo(Verdict.IDLE);
    }
}
