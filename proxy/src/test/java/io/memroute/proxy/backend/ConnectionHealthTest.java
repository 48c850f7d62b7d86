package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                .failureLimit(1)
                .flapTime(Duration.ofSeconds(30))
                .flapBackoffRamp(2)
                .flapBackoffMax(Duration.ofSeconds(20))
                .build());

        assertThat(serveForSeconds(health, 1)).isEqualTo(RECONNECT);
        for (long millis : new long[] {3_000, 6_000, 12_000, 20_000, 20_000}) {
            assertThat(serveForSeconds(health, 1)).isEqualTo(pause(millis, true, true));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "DISCONNECTED", "READING", "WRITING", "CLOSED_SOCKET", "PARSING", "TRAILING_DATA"})
    void givesAServerThatDropsEachConnectionGrowingPausesByDefault(BackendFailure failure) {
        ConnectionHealth health = new ConnectionHealth(BackendSpec.of("127.0.0.1", 11211));
        for (int i = 0; i < 3; i++) {
            assertThat(serveFor(health, Duration.ofMillis(1), failure)).isEqualTo(RECONNECT);
        }
        for (long millis : new long[] {3_000, 4_500, 6_750, 10_125, 15_187, 22_781, 34_171, 51_257, 60_000, 60_000}) {
            assertThat(serveFor(health, Duration.ofMillis(1), failure)).isEqualTo(pause(millis, true, true));
        }
    }

    @Test
    void doesNotBlameABackendForMemoryThatIsMissingHere() {
        ConnectionHealth health = new ConnectionHealth(BackendSpec.of("127.0.0.1", 11211));
        for (int i = 0; i < 10; i++) {
            assertThat(serveFor(health, Duration.ofMillis(1), BackendFailure.OUT_OF_MEMORY))
                    .isEqualTo(RECONNECT);
        }
    }

    @Test
    void waitsForABackendThatRestartsNoLongerThanForOneThatIsDown() {
        ConnectionHealth health = new ConnectionHealth(backend().build());
        assertThat(serveForSeconds(health, 100)).isEqualTo(RECONNECT);
        for (int i = 0; i < 2; i++) {
            assertThat(health.failed(BackendFailure.CONNECTING, now)).isEqualTo(RECONNECT);
        }
        // A balancer takes the connections before the server behind it listens.
        for (int i = 0; i < 10; i++) {
            health.connected(now);
            assertThat(health.failed(BackendFailure.DISCONNECTED, now)).isEqualTo(pause(3000, false, i == 0));
        }
    }

    @Test
    void forgetsFlapsAfterAConnectionThatLasted() {
        ConnectionHealth health = new ConnectionHealth(backend()
                .failureLimit(0)
                .flapTime(Duration.ofSeconds(30))
                .flapBackoffRamp(2)
                .build());
        assertThat(serveForSeconds(health, 1)).isEqualTo(pause(3000, true, true));
        assertThat(serveForSeconds(health, 1)).isEqualTo(pause(6000, true, true));

        assertThat(serveForSeconds(health, 31)).isEqualTo(pause(3000, false, true));
    }

    @Test
    void doesNotTakeARefusedConnectionForFlapping() {
        ConnectionHealth health = new ConnectionHealth(
                backend().failureLimit(0).flapTime(Duration.ofSeconds(30)).build());

        assertThat(health.failed(BackendFailure.CONNECTING, now)).isEqualTo(pause(3000, false, true));
        assertThat(health.failed(BackendFailure.CONNECTING, now)).isEqualTo(pause(3000, false, false));
    }

    @Test
    void neverPausesShorterBecauseABackendFlaps() {
        ConnectionHealth health = new ConnectionHealth(
                backend().failureLimit(0).flapBackoffMax(Duration.ZERO).build());

        assertThat(serveFor(health, Duration.ofMillis(1), BackendFailure.DISCONNECTED))
                .isEqualTo(pause(3000, true, true));
    }

    @Test
    void spreadsPausesOverTheLastTenthOfTheWait() {
        var pause = new ConnectionHealth.Verdict.Pause(3000, false, true);
        Set<Long> seen = new HashSet<>();
        RandomGenerator random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            seen.add(pause.spreadMillis(random));
        }
        assertThat(seen).allMatch(millis -> millis > 2700 && millis <= 3000).hasSizeGreaterThan(100);
    }

    private ConnectionHealth.Verdict serveForSeconds(ConnectionHealth health, long seconds) {
        return serveFor(health, Duration.ofSeconds(seconds), BackendFailure.DISCONNECTED);
    }

    /** One connection from its making to its loss. */
    private ConnectionHealth.Verdict serveFor(ConnectionHealth health, Duration time, BackendFailure failure) {
        health.connected(now);
        health.validated();
        now += time.toNanos();
        return health.failed(failure, now);
    }
}
