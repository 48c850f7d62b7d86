package io.memroute.app.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.live.Live;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.remote.ProxyWithAdmin;
import io.memroute.app.remote.RemoteProxy;
import io.memroute.app.terminal.Figures;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.DelayingRelay;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that a proxy with real servers provokes, and those that leave it alone while all is well. */
class DoctorTest {

    /** Of what the numbers are about. */
    private static final int SECONDS = 5;

    @TempDir
    private Path directory;

    private final List<MemcachedServer> servers = new ArrayList<>();
    private ProxyWithAdmin proxy;

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            servers.add(MemcachedServer.start());
        }
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        servers.forEach(MemcachedServer::close);
    }

    private int port(int server) {
        return servers.get(server).port();
    }

    /** Three servers, of which the third may be reached in another way. */
    private String pool(String options, int third) {
        return "pools{ main = { %s backends = { '127.0.0.1:%d one', '127.0.0.1:%d two', '127.0.0.1:%d three' } } }\n"
                .formatted(options, port(0), port(1), third);
    }

    private static final String DIRECT = "routes{ default = route_direct{ child = 'main' } }\n";

    private void run(String configuration) throws Exception {
        proxy = ProxyWithAdmin.start(directory.resolve("routes.lua"), configuration);
    }

    private Evidence evidence() {
        return evidence(proxy);
    }

    private static Evidence evidence(ProxyWithAdmin of) {
        try {
            return Evidence.of(of.remote(), SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does something again and again until a rule finds something. */
    private Finding provoke(Rule rule, Runnable again) {
        return provoke(again, () -> rule.examine(evidence()));
    }

    private static Finding provoke(Runnable again, Supplier<List<Finding>> findings) {
        List<Finding> found = new ArrayList<>();
        Deadline.await("a finding", Duration.ofSeconds(60), () -> {
            again.run();
            found.addAll(findings.get());
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    @Test
    void findsNothingWrongWithAProxyThatNobodyUses() throws Exception {
        run(pool("", port(2)) + DIRECT);
        assertThat(withoutLag(Doctor.findings(evidence()))).isEmpty();
    }

    @Test
    void findsNothingWrongWithHealthyServers() throws Exception {
        run(pool("", port(2)) + DIRECT);
        Deadline.await("some thousand requests in the numbers", () -> {
            proxy.get(1000, "key%d");
            Evidence evidence = evidence();
            return evidence.requests(evidence.live().pools().getFirst().rate()) > 1000;
        });
        // On a busy machine the first thousand may find one server waiting for a processor, and not the others.
        Deadline.await(
                "nothing wrong",
                Deadline.OF_START,
                () -> {
                    proxy.get(1000, "key%d");
                    return withoutLag(Doctor.findings(evidence())).isEmpty();
                },
                () -> Doctor.findings(evidence()).toString());
        assertThat(DoctorText.of(new Report(List.of("9151"), List.of()))).isEqualTo("nothing wrong with 9151\n");
    }

    /** The machine of a test may be so busy that its loops are late indeed. */
    private static List<Finding> withoutLag(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.rule() != Finding.Kind.LOOP_LAG)
                .toList();
    }

    @Test
    void namesTheServerThatIsSlowAmongHealthyOnes() throws Exception {
        try (DelayingRelay relay = DelayingRelay.start(port(2), Duration.ofMillis(20))) {
            run(pool("", relay.port()) + DIRECT);
            Evidence[] seen = new Evidence[1];
            Finding finding = provoke(() -> proxy.get(300, "key%d"), () -> {
                seen[0] = evidence();
                // On a busy machine another one may be slow at first, too.
                List<Finding> slow = new SlowServerRule().examine(seen[0]);
                return slow.stream().map(Finding::subject).toList().equals(List.of("three")) ? slow : List.of();
            });
            assertThat(finding.problem())
                    .contains("half of its replies take " + Figures.time(median(seen[0], "three")))
                    .startsWith("server three (127.0.0.1:" + relay.port()
                            + ") of pool main is slow: half of its replies take ")
                    .contains("those of the other 2 servers ");
            // Of all that is found it is the first.
            assertThat(withoutLag(Doctor.findings(seen[0])).getFirst().rule()).isEqualTo(Finding.Kind.SLOW_SERVER);
        }
    }

    @Test
    void aDeadServerComesBeforeAFailedReloadAndThatBeforeASlowServer() throws Exception {
        try (DelayingRelay relay = DelayingRelay.start(port(1), Duration.ofMillis(20));
                RefusingPort nobody = RefusingPort.reserve()) {
            run("pools{ main = { backends = { '127.0.0.1:%d one', '127.0.0.1:%d two', '127.0.0.1:%d three' } } }\n"
                            .formatted(port(0), relay.port(), nobody.port())
                    + DIRECT);
            proxy.configure("routes{ default = route_direct{ child = 'mian' } }\n");
            List<Finding.Kind> order = List.of(
                    Finding.Kind.ERRORS,
                    Finding.Kind.SERVER_DOWN,
                    Finding.Kind.RELOAD_FAILED,
                    Finding.Kind.SLOW_SERVER);
            Deadline.await(
                    "all that is wrong, the worst first",
                    Deadline.OF_START,
                    () -> {
                        proxy.get(300, "key%d");
                        return Doctor.findings(evidence()).stream()
                                .map(Finding::rule)
                                .filter(order::contains)
                                .toList()
                                .equals(order);
                    },
                    () -> Doctor.findings(evidence()).toString());
        }
    }

    private static double median(Evidence evidence, String label) {
        return evidence.live().backends().stream()
                .filter(backend -> backend.label().equals(label))
                .map(Live.Backend::latency)
                .filter(Objects::nonNull)
                .mapToDouble(Live.Latency::p50)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void seesThatATimeoutIsTooShortForWhatRequestsTake() throws Exception {
        try (DelayingRelay relay = DelayingRelay.start(port(2), Duration.ofMillis(700))) {
            run("settings{ backend_read_timeout = 1.2 }\n" + pool("", relay.port()) + DIRECT);
            Finding finding = provoke(new TimeoutRule(), () -> proxy.get(200, "key%d"));
            assertThat(finding.subject()).isEqualTo("three");
            assertThat(finding.problem())
                    .startsWith("the read timeout of 1.2 s is too short for server three (127.0.0.1:");
        }
    }

    @Test
    void countsTheRequestsThatRanIntoTheTimeout() throws Exception {
        run("settings{ backend_read_timeout = 0.2 }\n" + pool("", port(2)) + DIRECT);
        servers.get(2).freeze();
        Finding finding = provoke(new TimeoutRule(), () -> proxy.get(20, "key%d"));
        servers.get(2).thaw();
        assertThat(finding.problem()).contains("server three (").contains("the read timeout of 200 ms");
    }

    @Test
    void tellsHotKeysFromFewKeysInAnUnbalancedPool() throws Exception {
        run(pool("", port(2)) + DIRECT);
        proxy.ask("set hot 0 0 2\r\nhi\r\n");
        Finding hot = provoke(
                () -> {
                    proxy.get(200, "key%d");
                    proxy.ask("get hot\r\n".repeat(2000));
                },
                () -> new ImbalanceRule()
                        .examine(evidence()).stream()
                                .filter(finding -> finding.problem().contains("hot: "))
                                .toList());
        assertThat(hot.subject()).isEqualTo("main");
        assertThat(hot.problem())
                .startsWith("pool main is unbalanced: server ")
                .contains("an even share of 3 servers is 33 %", "few keys are hot: hot alone has ");
    }

    @Test
    void seesThatHardlyAnythingOfAKeyIsHashed() throws Exception {
        run(pool("options = { filter = 'tags', filter_conf = '{}' },", port(2)) + DIRECT);
        Finding few = provoke(new ImbalanceRule(), () -> proxy.get(1000, "{same}%d"));
        assertThat(few.problem()).contains("no key is hot, so there are few different keys");
    }

    @Test
    void namesAServerThatIsDownAndWhatFailed() throws Exception {
        try (RefusingPort nobody = RefusingPort.reserve()) {
            run(pool("", nobody.port()) + DIRECT);
            Finding finding = provoke(new ServerDownRule(), () -> proxy.get(20, "key%d"));
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.subject()).isEqualTo("three");
            assertThat(finding.problem())
                    .startsWith("server three (127.0.0.1:" + nobody.port() + ") of pool main ")
                    .contains("connect failed");
            Finding errors = provoke(new ErrorsRule(), () -> proxy.get(200, "key%d"));
            assertThat(errors.problem()).startsWith("clients get errors for ");
            assertThat(errors.advice()).startsWith("Most of them come from server three (");
        }
    }

    @Test
    void aPoolWithoutAServerIsCritical() throws Exception {
        try (RefusingPort nobody = RefusingPort.reserve()) {
            run("pools{ main = { backends = { '127.0.0.1:" + nobody.port() + "' } } }\n" + DIRECT);
            Finding finding = provoke(new ServerDownRule(), () -> proxy.get(20, "key%d"));
            assertThat(finding.severity()).isEqualTo(Finding.Severity.CRITICAL);
            assertThat(finding.problem()).endsWith("no server of its pool is up");
        }
    }

    @Test
    void seesThatAFailoverIsAlwaysInUse() throws Exception {
        try (RefusingPort nobody = RefusingPort.reserve()) {
            String gutter = "pools{ gutter = { backends = { '127.0.0.1:" + port(2) + "' } } }\n"
                    + "routes{ default = route_failover{ children = { 'main', 'gutter' } } }\n";
            run(pool("", nobody.port()) + gutter);
            Finding finding = provoke(new FailoverInUseRule(), () -> proxy.get(200, "key%d"));
            assertThat(finding.subject()).isEqualTo("gutter");
            assertThat(finding.problem())
                    .startsWith(
                            "the failover at " + directory.resolve("routes.lua") + ":3 is in use: pool gutter gets ")
                    .contains(" of main within the last ");
            assertThat(finding.advice()).startsWith("Look at three (127.0.0.1:" + nobody.port() + ")");
        }
    }

    @Test
    void theServersOfTwoPoolsDoNotPutAFailoverInUse() throws Exception {
        // The server's first pool is the smaller one.
        run("pools{ gutter = { backends = { '127.0.0.1:" + port(2) + " three' } } }\n" + pool("", port(2))
                + "routes{ default = route_failover{ children = { 'main', 'gutter' } } }\n");
        Deadline.await("requests in the numbers", () -> {
            proxy.get(300, "key%d");
            return evidence().pool("gutter").orElseThrow().rate() > 100;
        });
        Evidence evidence = evidence();
        assertThat(evidence.backends("gutter")).singleElement().satisfies(shared -> {
            assertThat(shared.pools()).containsExactlyInAnyOrder("main", "gutter");
            // Of the requests of pool main: all requests of pool gutter are to this server.
            assertThat(shared.share()).isBetween(0.2, 0.5);
        });
        assertThat(new FailoverInUseRule().examine(evidence)).isEmpty();
    }

    @Test
    void leavesAFailoverAloneThatGoesOnAfterAMiss() throws Exception {
        run(pool("", port(2)) + "pools{ other = { backends = { '127.0.0.1:" + port(2) + "' } } }\n"
                + "routes{ default = route_failover{ miss = true, children = { 'main', 'other' } } }\n");
        Deadline.await("requests in the numbers", () -> {
            proxy.get(200, "key%d");
            return evidence().pool("other").orElseThrow().rate() > 100;
        });
        assertThat(new FailoverInUseRule().examine(evidence())).isEmpty();
    }

    @Test
    void seesThatColdServersStayCold() throws Exception {
        // What expires at once never gets warm.
        run("pools{ new = { backends = { '127.0.0.1:%d' } }, old = { backends = { '127.0.0.1:%d' } } }\n"
                        .formatted(port(0), port(1))
                + "routes{ cmap = { set = route_direct{ child = 'old' } },"
                + " default = route_warm{ cold = route_shadow{ child = 'new', shadow = 'new', percent = 0 },"
                + " warm = 'old' } }\n");
        StringBuilder sets = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            sets.append("set key").append(i).append(" 0 0 2\r\nhi\r\n");
        }
        proxy.ask(sets.toString());
        Runnable forgetful = () -> {
            try (RawClient direct = servers.get(0).connect()) {
                direct.send("flush_all\r\n");
                direct.expect("OK\r\n");
            }
            proxy.get(200, "key%d");
        };
        assertThat(new ColdRouteRule().examine(evidence())).isEmpty();
        Finding finding = provoke(forgetful, () -> new ColdRouteRule().examine(later(evidence())));
        assertThat(finding.subject()).isEqualTo("new");
        assertThat(finding.problem()).contains(":2 does not warm pool new: it has been in force since ");
    }

    /** The same, as if it had been seen an hour later. */
    private static Evidence later(Evidence evidence) {
        return new Evidence(
                evidence.proxy(),
                evidence.now().plus(Duration.ofHours(1)),
                evidence.live(),
                evidence.configuration(),
                evidence.loaded(),
                evidence.events(),
                evidence.metrics());
    }

    @Test
    void countsHowOftenAServerWasLostAndRecovered() throws Exception {
        run("settings{ backend_retry_waittime = 1 }\n" + pool("", port(2)) + DIRECT);
        Finding finding = provoke(
                () -> {
                    Instant before = Instant.now();
                    servers.get(2).kill();
                    // A server that is back at once was never bad.
                    awaitEvent("markedbad", before);
                    servers.get(2).restart();
                    awaitEvent("recovered", before);
                },
                () -> new FlappingRule().examine(evidence()));
        assertThat(finding.subject()).isEqualTo("three");
        assertThat(finding.problem()).contains("flaps: it was lost and recovered 3 times within the last 10 minutes");
    }

    private void awaitEvent(String word, Instant after) {
        Deadline.await(word, () -> {
            proxy.get(20, "key%d");
            return evidence().events().events().stream()
                    .anyMatch(event ->
                            event.event().startsWith(word) && event.time().isAfter(after));
        });
    }

    @Test
    void saysThatTheLastReloadFailed() throws Exception {
        run(pool("", port(2)) + DIRECT);
        assertThat(new FailedReloadRule().examine(evidence())).isEmpty();
        proxy.configure("routes{ default = route_direct{ child = 'mian' } }\n");
        Finding finding = new FailedReloadRule().examine(evidence()).getFirst();
        assertThat(finding.problem())
                .startsWith("the last reload failed, so the configuration of ")
                .contains("no pool named \"mian\"");
        proxy.configure(pool("", port(2)) + DIRECT);
        assertThat(new FailedReloadRule().examine(evidence())).isEmpty();
    }

    @Test
    void seesThatConnectionsAreNearTheirLimit() throws Exception {
        proxy = ProxyWithAdmin.start(
                directory.resolve("routes.lua"), pool("", port(2)) + DIRECT, options -> options.maxConnections(10));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 7; i++) {
                clients.add(proxy.connect());
            }
            Finding finding = provoke(new ConnectionsRule(), () -> {});
            assertThat(finding.problem()).startsWith("8 of at most 10 client connections are open (80 %)");
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void saysHowReplicasDiffer() throws Exception {
        run(pool("", port(2)) + DIRECT);
        try (ProxyWithAdmin same = ProxyWithAdmin.start(directory.resolve("b.lua"), pool("", port(2)) + DIRECT);
                ProxyWithAdmin order = ProxyWithAdmin.start(
                        directory.resolve("c.lua"),
                        pool("", port(2)).replaceFirst("('[^']*'), ('[^']*')", "$2, $1") + DIRECT);
                ProxyWithAdmin seed = ProxyWithAdmin.start(
                        directory.resolve("d.lua"), pool("options = { seed = 'x' },", port(2)) + DIRECT)) {
            assertThat(Replicas.compare(List.of(evidence(), evidence(same)))).isEmpty();
            Finding inOrder =
                    Replicas.compare(List.of(evidence(), evidence(order))).getFirst();
            assertThat(inOrder.severity()).isEqualTo(Finding.Severity.CRITICAL);
            assertThat(inOrder.proxy()).isEqualTo(order.address());
            assertThat(inOrder.problem()).contains("pool main has its servers in another order");
            Finding inSeed =
                    Replicas.compare(List.of(evidence(), evidence(seed))).getFirst();
            assertThat(inSeed.problem()).contains("pool main has seed = x instead of none");
        }
    }

    @Test
    void theCommandEndsAsBadlyAsThingsAre() throws Exception {
        run(pool("", port(2)) + DIRECT);
        // On a busy machine loops are late now and then.
        Deadline.await(
                "nothing wrong",
                Deadline.OF_START,
                () -> doctor(proxy.address()).equals(new Outcome(0, "nothing wrong with " + proxy.address() + "\n")));
        proxy.configure("routes{ default = route_direct{ child = 'mian' } }\n");
        Outcome warning = doctor("--json", proxy.address());
        assertThat(warning.status()).isEqualTo(DoctorCommand.WARNINGS);
        assertThat(warning.output())
                .startsWith("{\n  \"proxies\" : [\n    \"" + proxy.address() + "\"\n  ],\n  \"findings\" : [")
                .contains("\"severity\" : \"warning\",\n      \"rule\" : \"reload_failed\",\n      \"proxy\" : \""
                        + proxy.address()
                        + "\",\n      \"subject\" : \"\",\n      \"problem\" : \"the last reload failed");
        try (RefusingPort nobody = RefusingPort.reserve()) {
            Outcome critical = doctor(proxy.address(), Integer.toString(nobody.port()));
            assertThat(critical.status()).isEqualTo(DoctorCommand.CRITICAL);
            assertThat(critical.output()).startsWith("CRITICAL  " + nobody.port() + ": the proxy at ");
        }
        assertThat(doctor("--seconds", "61").status()).isEqualTo(ExitStatus.USAGE);
    }

    private record Outcome(int status, String output) {}

    private static Outcome doctor(String... words) {
        List<String> command = new ArrayList<>(List.of("doctor"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(ProgramUnderTest.command(command))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aProxyThatDoesNotAnswerIsCritical() {
        try (RefusingPort nobody = RefusingPort.reserve()) {
            Report report = Doctor.examine(List.of(RemoteProxy.at(Integer.toString(nobody.port()))), SECONDS);
            assertThat(report.isCritical()).isTrue();
            assertThat(DoctorText.of(report))
                    .startsWith("CRITICAL  The proxy at " + nobody.port() + " does not answer: ");
        }
    }
}
