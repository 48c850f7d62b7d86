package io.memroute.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.live.Live;
import io.memroute.app.monitor.ApiPages;
import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.explain.render.TextWrap;
import io.memroute.proxy.metrics.BackendNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rules about what a test does not do to its own process, and what is made of findings. */
class RulesTest {

    private static Evidence evidence(boolean ready, Live.@Nullable Worker worker, Map<String, Double> metrics) {
        Live live = new Live(
                Instant.EPOCH,
                60,
                ready,
                new Live.Requests(0, 0, null, 0, 0, null),
                List.of(),
                new Live.Clients(1, 1024, 0, List.of()),
                worker == null ? List.of() : List.of(worker),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return new Evidence(
                "9151",
                Instant.EPOCH,
                live,
                Optional.empty(),
                new ApiPages.Configuration(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                new ApiPages.Events(List.of()),
                metrics);
    }

    private static List<Finding> lag(@Nullable Double lag, double pending) {
        return new LoopLagRule().examine(evidence(true, new Live.Worker(2, lag, lag, pending), Map.of()));
    }

    @Test
    void seesALoopThatIsLateAndOneThatHangs() {
        assertThat(lag(null, 0)).isEmpty();
        assertThat(lag(0.001, 0)).isEmpty();
        assertThat(lag(0.05, 0).getFirst().problem())
                .isEqualTo(
                        "the event loop of worker 2 is late by 50 ms on average, and all of its clients wait as long");
        assertThat(lag(0.001, 7).getFirst())
                .extracting(Finding::severity, Finding::problem)
                .containsExactly(Finding.Severity.CRITICAL, "worker 2 hangs: a task has waited for it for 7 s");
    }

    private static List<Finding> descriptors(double open, double most) {
        return new DescriptorsRule()
                .examine(
                        evidence(true, null, Map.of(Evidence.OPEN_DESCRIPTORS, open, Evidence.MOST_DESCRIPTORS, most)));
    }

    @Test
    void seesThatDescriptorsAreNearTheirLimit() {
        assertThat(descriptors(100, 1024)).isEmpty();
        assertThat(descriptors(0, 0)).isEmpty();
        assertThat(descriptors(900, 1024).getFirst().problem())
                .isEqualTo("900 of at most 1024 file descriptors are open (88 %)");
        assertThat(descriptors(1020, 1024).getFirst().severity()).isEqualTo(Finding.Severity.CRITICAL);
    }

    @Test
    void seesWatchersThatLoseLines() {
        assertThat(new WatchersRule().examine(evidence(true, null, Map.of(Evidence.LINES_LOST, 7.0))))
                .isEmpty();
        assertThat(new WatchersRule()
                        .examine(evidence(true, null, Map.of(Evidence.LINES_LOST, 1200.0, Evidence.WATCHERS, 2.0)))
                        .getFirst()
                        .problem())
                .isEqualTo("1.2k lines for clients that watch were lost since the start; 2 watch now");
    }

    @Test
    void seesThatAProxyIsNotReady() {
        assertThat(new ReadinessRule().examine(evidence(true, null, Map.of()))).isEmpty();
        assertThat(new ReadinessRule()
                        .examine(evidence(false, null, Map.of()))
                        .getFirst()
                        .severity())
                .isEqualTo(Finding.Severity.CRITICAL);
    }

    @Test
    void everyRuleHasANameOfItsOwn() {
        assertThat(Doctor.RULES.stream().map(Rule::name))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z_]+"));
    }

    @Test
    void theWorstStandsFirstAndEverythingFitsTheColumns() {
        Finding small = new Finding(
                Finding.Severity.WARNING,
                "a",
                "9151",
                "",
                "something is odd",
                "Look. ".repeat(40).strip(),
                1);
        Finding large = new Finding(Finding.Severity.WARNING, "b", "9151", "", "more is odd", "Look.", 2);
        Finding worst = new Finding(Finding.Severity.CRITICAL, "c", "9151", "", "it burns", "Run.", 0);
        Report report = new Report(List.of("9151"), List.of(small, large, worst));
        assertThat(report.findings()).containsExactly(worst, large, small);
        assertThat(DoctorText.of(report)).startsWith("""
                CRITICAL  It burns.
                          Run.

                WARNING   More is odd.
                          Look.

                """).endsWith("\n3 findings: the worst first\n");
        assertThat(DoctorText.of(report).lines()).allMatch(line -> line.length() <= TextWrap.COLUMNS);
    }

    @Test
    void warningsAndWhatIsCriticalEndDifferently() {
        assertThat(List.of(ExitStatus.OK, DoctorCommand.WARNINGS, DoctorCommand.CRITICAL))
                .containsExactly(0, 1, 2);
    }

    private static Live.Backend backend(String label, double p50, double p99) {
        return new Live.Backend(
                label,
                label,
                BackendNumbers.State.UP,
                List.of("main"),
                100,
                0.5,
                null,
                0,
                0,
                0,
                new Live.Connections(1, 0, 0),
                0,
                0,
                new Live.Latency(p50, p50, p99, p99, p99),
                null,
                0,
                0,
                null);
    }

    @Test
    void theDocumentationShowsWhatIsSaid() throws IOException {
        Evidence idle = evidence(true, null, Map.of());
        Live live = new Live(
                Instant.EPOCH,
                60,
                true,
                idle.live().requests(),
                List.of(),
                idle.live().clients(),
                List.of(),
                List.of(new Live.Pool("main", 2, 2, 200, null, 0, null, null)),
                List.of(backend("a:1", 0.0002, 0.001), backend("c:1", 0.0204, 0.5)),
                List.of(),
                List.of(),
                List.of());
        Evidence evidence = new Evidence(
                idle.proxy(), idle.now(), live, Optional.empty(), idle.loaded(), idle.events(), idle.metrics());
        assertThat(Files.readString(Path.of("../docs/monitoring.md")))
                .contains(DoctorText.of(new Report(List.of("9151"), Doctor.findings(evidence))) + "```");
    }

    @Test
    void theDocumentationListsEveryFinding() throws IOException {
        List<String> names =
                new ArrayList<>(Doctor.RULES.stream().map(Rule::name).toList());
        names.addFirst(Doctor.NO_ANSWER);
        names.add(Replicas.RULE);
        String page = Files.readString(Path.of("../docs/monitoring.md"));
        String table = page.substring(page.indexOf("| finding |"), page.indexOf("It ends with 0 if nothing is wrong"));
        assertThat(table.lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(3, line.indexOf('`', 3))))
                .containsExactlyElementsOf(names);
    }
}
