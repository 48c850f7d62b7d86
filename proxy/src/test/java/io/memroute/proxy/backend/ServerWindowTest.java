package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The window of a server holds what the round trip needs, and a short queue. */
class ServerWindowTest {

    private final ServerWindow window = new ServerWindow();
    private long nowNanos;

    /** A server that answers so many requests in a microsecond, after a round trip without any queue. */
    private void runAgainst(long pathMicros, double requestsPerMicro) {
        for (int i = 0; i < 1000; i++) {
            double roundTrip = Math.max(pathMicros, window.requests() / requestsPerMicro);
            nowNanos += (long) (roundTrip * 1000);
            window.replied((long) (roundTrip * 1000), window.requests(), nowNanos);
        }
    }

    @Test
    void isShortForAServerThatIsNear() {
        window.replied(20_000, 1, nowNanos);
        runAgainst(20, 1);
        assertThat(window.requests()).isBetween(20 + ServerWindow.QUEUED - 2, 20 + ServerWindow.QUEUED + 2);
    }

    @Test
    void keepsAServerBusyThatIsFarAway() {
        runAgainst(5000, 1);
        assertThat(window.requests()).isBetween(5000 + ServerWindow.QUEUED - 2, 5000 + ServerWindow.QUEUED + 2);
    }

    @Test
    void doesNotGrowWhileItIsNotUsed() {
        for (int i = 0; i < 100; i++) {
            window.replied(20_000, 1, nowNanos);
        }
        assertThat(window.requests()).isBetween(ServerWindow.QUEUED, ServerWindow.QUEUED + 2);
    }

    @Test
    void learnsOfALongerWay() {
        runAgainst(20, 1);
        nowNanos += TimeUnit.SECONDS.toNanos(20);
        window.replied(5_000_000, 1, nowNanos);
        nowNanos += TimeUnit.SECONDS.toNanos(20);
        runAgainst(5000, 1);
        assertThat(window.requests()).isGreaterThan(5000);
    }
}
