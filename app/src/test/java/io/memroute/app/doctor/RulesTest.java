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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rules about what a test does not do to its own process, and what is made of findings. */
class RulesTest {

    private static final Live.Clients CLIENTS = new Live.Clients(1, 1024, 0, 0, 0, List.of(), List.of());

    private static Evidence evidence(boolean ready, Live.@Nullable Worker worker, Map<String, Double> metrics) {
        return evidence(
                new Live(
                        Instant.EPOCH,
                        60,
                        ready,
                        new Live.Requests(0, 0, null, 0, 0, null),
                        List.of(),
                        CLIENTS,
                        worker == null ? List.of() : List.of(worker),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                metrics);
    }

    private static Evidence evidence(Live live, Map<String, Double> metrics) {
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
        assertThat(watching(0, 7)).isEmpty();
        // What they lost before is over.
        assertThat(watching(2, 0)).isEmpty();
        assertThat(watching(2, 20).getFirst().problem())
                .isEqualTo("1.2k lines for clients that watch were lost within the last 60 s; 2 watch now");
    }

    private static List<Finding> watching(long watching, double lostLineRate) {
        Live idle = evidence(true, null, Map.of()).live();
        Live live = new Live(
                idle.time(),
                idle.intervalSeconds(),
                true,
                idle.requests(),
                List.of(),
                new Live.Clients(1, 1024, 0, watching, lostLineRate, List.of(), List.of()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return new WatchersRule().examine(evidence(live, Map.of()));
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
    void everyRuleHasAKindOfItsOwn() {
        assertThat(Doctor.RULES.stream().map(Rule::kind)).doesNotHaveDuplicates();
    }

    @Test
    void theWorstStandsFirstAndEverythingFitsTheColumns() {
        Finding small = new Finding(
                Finding.Severity.WARNING,
                Finding.Kind.SERVER_DOWN,
                "9151",
                "",
                "something is odd",
                "Look. ".repeat(40).strip(),
                1);
        Finding large =
                new Finding(Finding.Severity.WARNING, Finding.Kind.SERVER_DOWN, "9151", "", "more is odd", "Look.", 2);
        Finding heavy =
                new Finding(Finding.Severity.WARNING, Finding.Kind.SLOW_SERVER, "9151", "", "it drags", "Wait.", 1000);
        Finding worst =
                new Finding(Finding.Severity.CRITICAL, Finding.Kind.LOOP_LAG, "9151", "", "it burns", "Run.", 0);
        Report report = new Report(List.of("9151"), List.of(heavy, small, large, worst));
        // Weights of two kinds say nothing about each other.
        assertThat(report.findings()).containsExactly(worst, large, small, heavy);
        assertThat(DoctorText.of(report)).startsWith("""
                CRITICAL  It burns.
                          Run.

                WARNING   More is odd.
                          Look.

                """).endsWith("\n4 findings: the worst first\n");
        assertThat(DoctorText.of(report).lines()).allMatch(line -> line.length() <= TextWrap.COLUMNS);
    }

    @Test
    void warningsAndWhatIsCriticalEndDifferently() {
        assertThat(List.of(ExitStatus.OK, DoctorCommand.WARNINGS, DoctorCommand.CRITICAL))
                .containsExactly(0, 1, 2);
    }

    private static Live.Backend backend(String label, double p50, double p99) {
        return backend(label, p50, p99, 100);
    }

    private static Live.Backend backend(String label, double p50, double p99, double rate) {
        return new Live.Backend(
                label,
                label,
                BackendNumbers.State.UP,
                List.of("main"),
                rate,
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

    /** A pool with these servers. */
    private static Evidence pool(@Nullable Double imbalance, List<Live.HotKeyShare> hotKeys, Live.Backend... backends) {
        double rate = Stream.of(backends).mapToDouble(Live.Backend::rate).sum();
        return evidence(
                new Live(
                        Instant.EPOCH,
                        60,
                        true,
                        new Live.Requests(0, 0, null, 0, 0, null),
                        List.of(),
                        CLIENTS,
                        List.of(),
                        List.of(new Live.Pool(
                                "main", backends.length, backends.length, rate, null, 0, null, imbalance)),
                        List.of(backends),
                        List.of(),
                        hotKeys,
                        List.of()),
                Map.of());
    }

    @Test
    void saysHowFastTheSlowestAndTheFastestOfTheOtherServersAre() {
        List<Finding> findings = new SlowServerRule()
                .examine(pool(
                        null,
                        List.of(),
                        backend("a:1", 0.000022, 0.001),
                        backend("b:1", 0.000089, 0.001),
                        backend("c:1", 0.0204, 0.5)));
        assertThat(findings.getFirst().problem())
                .isEqualTo("server c:1 of pool main is slow: half of its replies take 20.4 ms or longer (p99 500 ms),"
                        + " those of the other 2 servers 22 us to 89 us (p99 1 ms)");
    }

    @Test
    void namesTheKeysThatMakeAServerBusyAndNoOthers() {
        List<Finding> findings = new ImbalanceRule()
                .examine(pool(
                        1.6,
                        List.of(
                                new Live.HotKeyShare("hot", 0.4, "main", "a:1", null),
                                new Live.HotKeyShare("cold", 0.002, "main", "a:1", null)),
                        backend("a:1", 0.001, 0.001, 160),
                        backend("b:1", 0.001, 0.001, 40)));
        assertThat(findings.getFirst().problem())
                .isEqualTo("pool main is unbalanced: server a:1 gets 80 % of its requests, and an even share of 2"
                        + " servers is 50 %; few keys are hot: hot alone has 40 %");
    }

    @Test
    void saysThatProxiesWithoutADigestCannotBeCompared() {
        Evidence one = evidence(true, null, Map.of());
        assertThat(Replicas.compare(List.of(one))).isEmpty();
        Finding finding = Replicas.compare(List.of(one, one)).getFirst();
        assertThat(finding.rule()).isEqualTo(Finding.Kind.REPLICAS_NOT_COMPARED);
        assertThat(finding.problem()).startsWith("cannot be compared with the proxy at 9151: ");
        Report report = new Report(List.of("9151", "9152"), List.of(finding));
        assertThat(report.isClean()).isTrue();
        assertThat(DoctorText.of(report)).startsWith("NOTE      ").endsWith("\n\nnothing wrong with 9151, 9152\n");
    }

    @Test
    void theDocumentationShowsWhatIsSaid() throws IOException {
        Evidence evidence = pool(null, List.of(), backend("a:1", 0.0002, 0.001), backend("c:1", 0.0204, 0.5));
        assertThat(Files.readString(Path.of("../docs/monitoring.md")))
                .contains(DoctorText.of(new Report(List.of("9151"), Doctor.findings(evidence))) + "```");
    }

    @Test
    void theDocumentationListsEveryFinding() throws IOException {
        List<String> names =
                Stream.of(Finding.Kind.values()).map(Finding.Kind::word).toList();
        String page = Files.readString(Path.of("../docs/monitoring.md"));
        String table = page.substring(page.indexOf("| finding |"), page.indexOf("It ends with 0 if nothing is wrong"));
        assertThat(table.lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(3, line.indexOf('`', 3))))
                .containsExactlyElementsOf(names);
    }
}
