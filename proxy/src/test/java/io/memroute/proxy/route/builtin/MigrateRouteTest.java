package io.memroute.proxy.route.builtin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memroute.protocol.Request;
import io.memroute.proxy.backend.RecordedCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.ScriptedRoute;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
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
    private final MigrateRoute route = route(from, to, () -> now);

    private static MigrateRoute route(Route from, Route to, InstantSource clock) {
        return new MigrateRoute(
                from, to, START, WINDOW, clock, new IgnoredCalls(), new OwnRequest.Source(), new ManualWorker().get());
    }

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
            ask("mg key v\r\n");
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

    /** Keeps the values of keys as a server does, as far as these tests ask for them. */
    private static Route server(Map<String, String> items) {
        return call -> {
            Request request = call.request();
            String key = request.buffer().toString(request.keyIndex(), request.keyLength(), US_ASCII);
            String value = items.get(key);
            String reply = switch (request.command()) {
                case MS -> {
                    items.put(key, request.buffer().toString(request.end(), request.valueLength(), US_ASCII));
                    yield "HD";
                }
                case MD -> items.remove(key) == null ? "NF" : "HD";
                case DELETE -> items.remove(key) == null ? "NOT_FOUND" : "DELETED";
                default -> value == null ? "EN" : "VA " + value.length() + "\r\n" + value;
            };
            ScriptedRoute.answering(reply + "\r\n").start(call);
        };
    }

    private static String answer(MigrateRoute through, String request) {
        RecordedCall call = RecordedCall.of(request);
        through.start(call);
        return call.answers().getLast();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 30, 59})
    void nothingThatWasReplacedComesBackThoughClocksAreApart(long secondsApart) {
        Map<String, String> old = new HashMap<>();
        Map<String, String> renewed = new HashMap<>();
        MigrateRoute behind = route(server(old), server(renewed), () -> now);
        MigrateRoute ahead = route(server(old), server(renewed), () -> now.plusSeconds(secondsApart));
        Random random = new Random(secondsApart);
        Map<String, String> last = new HashMap<>();
        for (now = START.minusSeconds(120);
                now.isBefore(START.plus(WINDOW).plusSeconds(120));
                now = now.plusSeconds(1)) {
            for (int i = 0; i < 100; i++) {
                String key = "key" + random.nextInt(20);
                MigrateRoute through = random.nextBoolean() ? behind : ahead;
                switch (random.nextInt(8)) {
                    case 0 -> {
                        String value = "v" + now.getEpochSecond() + "." + i;
                        answer(through, "ms " + key + " " + value.length() + "\r\n" + value + "\r\n");
                        last.put(key, value);
                    }
                    case 1 -> {
                        answer(through, "md " + key + "\r\n");
                        last.remove(key);
                    }
                    default -> {
                        String reply = answer(through, "mg " + key + " v\r\n");
                        if (!reply.equals("EN\r\n")) {
                            assertThat(reply).endsWith("\r\n" + last.get(key) + "\r\n");
                        }
                    }
                }
            }
        }
    }

    @Test
    void aClockThatIsSetBackBringsNothingBack() {
        Map<String, String> old = new HashMap<>();
        Map<String, String> renewed = new HashMap<>();
        MigrateRoute one = route(server(old), server(renewed), () -> now);
        for (int key = 0; key < KEYS; key++) {
            now = START.plusSeconds(1800);
            answer(one, "ms key" + key + " 3\r\nnew\r\n");
            now = now.minusSeconds(50);
            answer(one, "ms key" + key + " 4\r\nnext\r\n");
            now = now.plusSeconds(50);
            assertThat(answer(one, "mg key" + key + " v\r\n")).isIn("EN\r\n", "VA 4\r\nnext\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"set key 0 0 1, delete key", "ms key 1, delete key", "ms a2V5 1 b, md a2V5 b"})
    void whatIsSetNearItsMomentIsDeletedWhereItIsNotWithACommandThatOldServersHave(String set, String delete) {
        Duration shortest = Duration.ofSeconds(1);
        MigrateRoute soon = new MigrateRoute(
                from,
                to,
                START,
                shortest,
                () -> START.minusSeconds(1),
                new IgnoredCalls(),
                new OwnRequest.Source(),
                new ManualWorker().get());
        soon.start(RecordedCall.of(set + "\r\nx\r\n"));
        assertThat(to.asked()).containsExactly(delete + "\r\n");
        assertThat(from.asked()).containsExactly(set + "\r\nx\r\n");
    }

    @Test
    void whatIsSetFarFromItsMomentIsSentOnce() {
        now = START.plusSeconds(1800);
        for (int key = 0; key < KEYS; key++) {
            ask("ms key" + key + " 1\r\nx\r\n");
        }
        int deletes = (int) Stream.concat(from.asked().stream(), to.asked().stream())
                .filter(asked -> asked.startsWith("delete "))
                .count();
        assertThat((double) deletes / KEYS).isCloseTo(120.0 / 3600, within(0.02));
        assertThat(from.asked().size() + to.asked().size()).isEqualTo(KEYS + deletes);
    }
}
