package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.explain.render.TestText;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTestsTest {

    private static final String CONFIG = """
            settings{ backend_read_timeout = 0.5 }
            pools{
              main = { backends = { "10.0.0.1:11211 first" } },
              spare = { backends = { "10.0.0.2:11211" } },
            }
            routes{
              map = { t = route_ttl{ ttl = 60, child = "main" } },
              default = route_failover{ children = { "main", "spare" }, miss = true },
            }
            """;

    private static List<String> failures(String test) {
        RouteTests.Report report =
                ConfigFile.of(CONFIG + "test{ " + test + " }").tests();
        return report.results().getFirst().mismatches().stream()
                .map(mismatch -> mismatch.what() + ": " + mismatch.expected() + " / " + mismatch.actual())
                .toList();
    }

    @Test
    void backendsHoldEveryKeyUnlessSaidOtherwise() {
        assertThat(failures("when = 'get k', expect_backend = '10.0.0.1:11211', expect_reply = 'hit'"))
                .isEmpty();
        assertThat(failures("when = 'get k', expect_reply = 'miss'")).containsExactly("reply: miss / hit");
    }

    @Test
    void aBackendThatIsDownGetsNothing() {
        assertThat(failures(
                        "when = 'get k', down = 'first', expect_backend = { '10.0.0.2:11211' }, expect_reply = 'hit'"))
                .isEmpty();
        assertThat(failures("when = 'get k', down = { 'main', 'spare' }, expect_backend = {},"
                        + " expect_reply = 'SERVER_ERROR backend failure'"))
                .isEmpty();
    }

    @Test
    void aMissIsAskedForByPoolOrBackend() {
        assertThat(failures("when = 'get k', given = { main = 'miss' }, expect_pool = { 'main', 'spare' }"))
                .isEmpty();
        assertThat(failures("when = 'get k', given = { first = 'miss', spare = 'miss' }, expect_reply = 'END'"))
                .isEmpty();
    }

    @Test
    void aSilentBackendGetsTheRequestAndAnswersNothing() {
        assertThat(failures(
                        "when = 'get k', given = { main = 'silent' }, expect_backend = { 'first', '10.0.0.2:11211' },"
                                + " expect_reply = 'hit'"))
                .isEmpty();
    }

    @Test
    void aBackendCanAnswerWithAnyReply() {
        assertThat(failures("when = 'get k', given = { main = 'VALUE k 0 2\\r\\nhi' }, expect_reply = "
                        + "'VALUE k 0 2\\r\\nhi\\r\\nEND'"))
                .isEmpty();
        assertThat(failures("when = 'set k 0 0 1', given = { main = 'SERVER_ERROR out of memory' }, "
                        + "expect_reply = 'STORED'"))
                .isEmpty();
    }

    @Test
    void whatBackendsAreSentCanBeExpected() {
        assertThat(failures("when = 'set t/k 0 0 1', expect_request = 'set t/k 0 60 1'"))
                .isEmpty();
        assertThat(failures("when = 'set t/k 0 0 1', expect_request = 'set t/k 0 0 1'"))
                .containsExactly("request: set t/k 0 0 1 / set t/k 0 60 1");
    }

    @Test
    void everythingExpectedIsCompared() {
        assertThat(failures("when = 'get k', expect_backend = '10.0.0.2:11211', expect_pool = "
                        + "'spare', expect_reply = 'END'"))
                .containsExactly(
                        "backend: 10.0.0.2:11211 / 10.0.0.1:11211",
                        "pool: spare / main",
                        "reply: END / VALUE k 0 1\\r\\n1\\r\\nEND");
    }

    @Test
    void aReportHasALineForEachTestAndTheReasonOfAFailure() {
        String text = ConfigFile.withoutDirectory(
                TestText.of(ConfigFile.of(CONFIG + """
                test{ name = "spares answer", down = "main", when = "get k", expect_pool = "spare" }
                test{ when = "get k", expect_pool = "spare" }
                """).tests()));
        assertThat(text).startsWith("""
                ok    routes.lua:10  spares answer
                FAIL  routes.lua:11  get k
                    expected pool  spare
                    actual pool    main
                    asked          pool main, 10.0.0.1:11211: "get k" -> hit

                    get k

                    listener""");
        assertThat(text).endsWith("\n2 tests, 1 failed\n");
    }
}
