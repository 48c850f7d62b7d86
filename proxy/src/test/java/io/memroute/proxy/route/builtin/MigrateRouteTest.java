package io.memroute.proxy.route.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.ScriptedRoute;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrateRouteTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int KEYS = 2000;

    private final ScriptedRoute from = ScriptedRoute.answering("NF\r\n");
    private final ScriptedRoute to = ScriptedRoute.answering("HD\r\n");
    private Instant now = START;
    private final MigrateRoute route = new MigrateRoute(from, to, START, WINDOW, () -> now, new ManualWorker().get());

    private void ask(String request) {
        route.start(RecordedCall.of(request));
    }

    @ParameterizedTest
    @CsvSource({"-1,0", "0,0", "900,0.25", "1800,0.5", "3599,1", "3600,1", "100000,1"})
    void soManyKeysHaveMoved(long seconds, double share) {
        now = START.plusSeconds(seconds);
        for (int key = 0; key < KEYS; key++) {
            ask("mg key" + key + " v\r\n");
        }
        assertThat((double) to.asked().size() / KEYS).isCloseTo(share, within(0.04));
        assertThat(from.asked().size() + to.asked().size()).isEqualTo(KEYS);
    }

    @Test
    void aKeyThatHasMovedNeverComesBack() {
        boolean moved = false;
        for (long second = 0; second <= WINDOW.toSeconds(); second += 10) {
            now = START.plusSeconds(second);
            int before = to.asked().size();
            ask("ms key 1\r\nx\r\n");
            boolean isMoved = to.asked().size() > before;
            assertThat(isMoved || !moved).isTrue();
            moved = isMoved;
        }
        assertThat(moved).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-59, 0, 1800, 3600, 3659})
    void whileKeysMoveADeleteGoesToBothAndSucceedsIfEitherDoes(long seconds) {
        now = START.plusSeconds(seconds);
        RecordedCall call = RecordedCall.of("md key\r\n");
        route.start(call);
        assertThat(from.asked()).containsExactly("md key\r\n");
        assertThat(to.asked()).containsExactly("md key\r\n");
        assertThat(call.answers()).containsExactly("HD\r\n");
    }

    @ParameterizedTest
    @CsvSource({"-61,true", "3661,false"})
    void beforeAndAfterADeleteGoesWhereTheKeyIs(long seconds, boolean isFrom) {
        now = START.plusSeconds(seconds);
        ask("delete key\r\n");
        assertThat(from.asked()).hasSize(isFrom ? 1 : 0);
        assertThat(to.asked()).hasSize(isFrom ? 0 : 1);
    }
}
