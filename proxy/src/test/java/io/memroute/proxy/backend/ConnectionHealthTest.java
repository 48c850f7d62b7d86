package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.BackendSpec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionHealthTest {

    private static final ConnectionHealth.Verdict RECONNECT = new ConnectionHealth.Verdict.Reconnect();

    private long now = TimeUnit.DAYS.toNanos(1);

    private static BackendSpec.Builder backend() {
        return BackendSpec.builder("127.0.0.1", 11211).failureLimit(3).retryWait(Duration.ofSeconds(3));
    }

    private ConnectionHealth.Verdict failAfterSeconds(ConnectionHealth health, long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        return health.failed(BackendFailure.DISCONNECTED, now);
    }

    private static ConnectionHealth.Verdict pause(long millis, boolean flapping, boolean newlyBad) {
        return new ConnectionHealth.Verdict.Pause(millis, flapping, newlyBad);
    }

    @Test
    void marksABackendBadAtTheFailureBeyondTheLimit() {
        ConnectionHealth health = new ConnectionHealth(backend().build());

        for (int i = 0; i < 3; i++) {
            assertThat(failAfterSeconds(health, 1)).isEqualTo(RECONNECT);
            assertThat(health.bad()).isFalse();
        }

        assertThat(failAfterSeconds(health, 1)).isEqualTo(pause(3000, false, true));
        assertThat(health.bad()).isTrue();
        assertThat(failAfterSeconds(health, 3)).isEqualTo(pause(3000, false, false));
    }

    @Test
    void startsCountingAnewAfterAGoodHandshake() {
        ConnectionHealth health = new ConnectionHealth(backend().failureLimit(0).build());
        failAfterSeconds(health, 1);

        assertThat(health.validated()).isTrue();

        assertThat(health.bad()).isFalse();
        assertThat(health.validated()).isFalse();
    }

    @Test
    void backsOffLongerAndLongerFromABackendWhoseConnectionsDoNotLast() {
        ConnectionHealth health = new ConnectionHealth(backend()
                .failureLimit(1).flapTime(Duration.ofSeconds(30)).flapBackoffRamp(2)
                .flapBackoffMax(Duration.ofSeconds(20)).build());
        health.connected(now);

        assertThat(failAfterSeconds(health, 1)).isEqualTo(RECONNECT);
        health.validated();
        assertThat(failAfterSeconds(health, 1)).isEqualTo(pause(12_000, true, true));
        health.validated();
        assertThat(failAfterSeconds(health, 1)).isEqualTo(pause(20_000, true, true));
    }

    @Test
    void forgetsFlapsAfterAConnectionThatLasted() {
        ConnectionHealth health = new ConnectionHealth(backend()
                .failureLimit(0).flapTime(Duration.ofSeconds(30)).flapBackoffRamp(2).build());
        health.connected(now);
        assertThat(failAfterSeconds(health, 1)).isEqualTo(pause(6000, true, true));
        health.validated();

        assertThat(failAfterSeconds(health, 31)).isEqualTo(pause(3000, false, true));
    }

    @Test
    void doesNotTakeARefusedConnectionForFlapping() {
        ConnectionHealth health = new ConnectionHealth(backend()
                .failureLimit(0).flapTime(Duration.ofSeconds(30)).build());

        assertThat(health.failed(BackendFailure.CONNECTING, now)).isEqualTo(pause(3000, false, true));
        assertThat(health.failed(BackendFailure.CONNECTING, now)).isEqualTo(pause(3000, false, false));
    }
}
