package io.memroute.app.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.live.Live;
import io.memroute.proxy.metrics.BackendNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopPageTest {

    private static Live.Latency latency(double p50, double p99) {
        return new Live.Latency(p50, p50, p99, p99, p99);
    }

    private static Live.Backend backend(
            String label, BackendNumbers.State state, double rate, Live.@Nullable Latency latency, long queued) {
        return new Live.Backend(
                label,
                label,
                state,
                List.of("main"),
                rate,
                0.25,
                0.5,
                0,
                queued,
                queued,
                new Live.Connections(1, 0, 0),
                0,
                0,
                latency,
                null,
                3,
                0,
                null);
    }

    private static final Live LIVE = live(List.of(
            backend("a:1", BackendNumbers.State.UP, 100, latency(0.0002, 0.001), 5),
            backend("b:1", BackendNumbers.State.BAD, 300, null, 0),
            backend("c:1", BackendNumbers.State.UP, 200, latency(0.0204, 0.5), 1)));

    private static Live live(List<Live.Backend> backends) {
        return live(backends, List.of());
    }

    private static Live live(List<Live.Backend> backends, List<Live.Identity> identities) {
        return new Live(
                Instant.EPOCH,
                5,
                true,
                new Live.Requests(12_345, 99, 0.91, 0, 3, latency(0.00021, 0.0012)),
                List.of(),
                new Live.Clients(50, 1024, 0, 0, 0, List.of(), identities),
                List.of(),
                List.of(new Live.Pool("main", 3, 2, 600, 0.5, 0, latency(0.0003, 0.4), 1.5)),
                backends,
                List.of(),
                List.of(
                        new Live.HotKeyShare("user:1", 0.3, "main", "a:1", 2048L),
                        new Live.HotKeyShare("k", 0.01, "main", "b:1", null)),
                List.of());
    }

    private static List<String> lines(View view, Order order, int height) {
        return TopPage.lines("9151", LIVE, view, order, height);
    }

    @Test
    void showsPoolsServersAndHotKeys() {
        List<String> lines = TopPage.whole("9151", LIVE, Order.RATE);
        assertThat(lines.getFirst())
                .startsWith("memroute 9151   ")
                .endsWith("   ready   clients 50 of 1024   the last 5 s");
        assertThat(lines.subList(1, lines.size())).containsExactly("""
                requests 12.3k/s   99 in all   hits 91 %   errors 0/s   under way 3   p50 210 us   \
                p99 1.2 ms   max 1.2 ms

                POOL   UP  RATE   HIT     P50     P99  ERR/S  UNEVEN
                main  2/3   600  50 %  300 us  400 ms      0    1.50

                SERVER  STATE  POOL  RATE  SHARE   HIT      P50     P99  ERR/S  QUEUE  FAILED
                b:1     bad    main   300   25 %  50 %        -       -      0      0       3
                c:1     up     main   200   25 %  50 %  20.4 ms  500 ms      0      1       3
                a:1     up     main   100   25 %  50 %   200 us    1 ms      0      5       3

                HOT KEY  SHARE  POOL  SERVER   SIZE
                user:1    30 %  main  a:1     2 KiB
                k          1 %  main  b:1         -""".split("\n"));
    }

    @Test
    void showsClientsByIdentity() {
        Live ruled = live(
                List.of(),
                List.of(
                        new Live.Identity("user:web", 1200, 2.5, 0, 31, 0),
                        new Live.Identity("anonymous", 3, 0, 3, 0, 12_000)));
        List<String> lines = TopPage.lines("9151", ruled, View.CLIENTS, Order.RATE, 20);
        assertThat(lines.subList(lines.size() - 3, lines.size())).containsExactly("""
                IDENTITY   RATE  DENIED/S  EXCEEDED/S  DENIED  EXCEEDED
                user:web   1.2k       2.5           0      31         0
                anonymous     3         0           3       0       12k""".split("\n"));
    }

    private static List<String> servers(Order order) {
        return lines(View.SERVERS, order, 20).stream()
                .filter(line -> line.contains(":1 "))
                .map(line -> line.substring(0, 1))
                .toList();
    }

    @Test
    void sortsByTheColumnThatAKeyChooses() {
        assertThat(servers(Order.RATE)).containsExactly("b", "c", "a");
        assertThat(servers(Order.LATENCY)).containsExactly("c", "a", "b");
        assertThat(servers(Order.QUEUE)).containsExactly("a", "c", "b");
        assertThat(servers(Order.NAME)).containsExactly("a", "b", "c");
    }

    @Test
    void printsInTheOrderThatAnOptionNames() throws Exception {
        for (Order order : Order.values()) {
            assertThat(new Order.OfWord().convert(order.word())).isEqualTo(order);
            assertThat(Order.WORDS.split(", | or ")).contains(order.word());
        }
        assertThatThrownBy(() -> new Order.OfWord().convert("P99"))
                .hasMessage("expected rate, p99, errors, queue, hits or name, got \"P99\"");
        assertThat(TopPage.whole("9151", LIVE, Order.LATENCY).stream().filter(line -> line.contains(":1 ")))
                .first()
                .asString()
                .startsWith("c:1 ");
    }

    @Test
    void everyViewAndEveryOrderHasAKeyOfItsOwn() {
        List<Character> keys = new ArrayList<>(List.of('q', ' '));
        for (View view : View.values()) {
            keys.add(view.key());
            assertThat(View.of(view.key())).contains(view);
        }
        for (Order order : Order.values()) {
            keys.add(order.key());
            assertThat(Order.of(order.key())).contains(order);
        }
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void leavesRowsOutThatThereIsNoRoomForAndSaysSo() {
        List<Live.Backend> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(backend("s" + i, BackendNumbers.State.UP, i, null, 0));
        }
        for (int height = 10; height < 60; height++) {
            assertThat(TopPage.lines("9151", live(many), View.ALL, Order.RATE, height))
                    .hasSizeLessThanOrEqualTo(height);
        }
        assertThat(TopPage.lines("9151", live(many), View.SERVERS, Order.RATE, 10))
                .endsWith("... and 95 more");
    }

    @Test
    void showsNothingThatATerminalWouldObey() {
        Live hostile = live(List.of(backend("\u001b[2Jwiped", BackendNumbers.State.UP, 1, null, 0)));
        assertThat(String.join("\n", TopPage.lines("\u001b[31m", hostile, View.ALL, Order.RATE, 30)))
                .contains("\\x1b[2Jwiped")
                .doesNotContain("\u001b");
    }

    @Test
    void theDocumentationShowsWhatIsShown() throws IOException {
        List<String> lines = new ArrayList<>(TopPage.lines("9151", LIVE, View.ALL, Order.RATE, 100));
        lines.removeFirst();
        assertThat(Files.readString(Path.of("../docs/monitoring.md"))).contains(String.join("\n", lines) + "\n```");
    }
}
