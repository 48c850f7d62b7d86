package io.memroute.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.DelayedServer;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The console in a real browser, of a proxy with real servers and one that is dead. */
@Timeout(300)
class ConsoleBrowserTest {

    private static final String[] VIEWS = {
        "Overview",
        "Pools and servers",
        "Routes",
        "Hot keys",
        "Slow requests",
        "Events",
        "Configuration",
        "Where does a key go?"
    };

    private static Browser browser;
    private static MemcachedServer east1;
    private static MemcachedServer east2;
    private static RefusingPort dead;
    private static Path shared;
    private static RunningSite site;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start(@TempDir Path forAll) throws Exception {
        shared = forAll;
        browser = new Browser();
        east1 = MemcachedServer.start();
        east2 = MemcachedServer.start();
        dead = RefusingPort.reserve();
        site = new RunningSite(shared, configuration());
    }

    @AfterAll
    static void stop() {
        browser.close();
        site.close();
        dead.close();
        east1.close();
        east2.close();
    }

    /** Each test looks for its own problems. */
    @AfterEach
    void forgetProblems() {
        browser.problems();
    }

    private static String configuration() {
        return """
                pools{
                  main = { backends = { "127.0.0.1:%1$d east-1", "127.0.0.1:%2$d east-2" } },
                  spare = { backends = { "127.0.0.1:%3$d gone" } },
                  rest = { backends = { "127.0.0.1:%1$d east-1" } },
                }
                routes{
                  cmap = { set = route_allfastest{ children = { "main", "spare" } } },
                  map = {
                    user = route_failover{ children = { "main", "spare" }, name = "users" },
                    page = route_direct{ child = "main", name = "pages" },
                  },
                  default = route_direct{ child = "rest" },
                }
                """.formatted(east1.port(), east2.port(), dead.port());
    }

    private static void send(int times, String command) {
        try (RawClient client = RawClient.connect(site.address())) {
            client.send((command + "\r\n").repeat(times) + "mn\r\n");
            client.readUntil("MN\r\n");
        }
    }

    private static Browser open(String view) {
        return browser.open(site.page("/" + view));
    }

    @ParameterizedTest
    @CsvSource({"1280, light", "1280, dark", "400, light", "400, dark"})
    void everyViewIsReadable(int width, String theme) {
        browser.as(width, 900, theme);
        open("").awaitText("#link", "live").awaitText("#ready", "ready");
        for (String view : VIEWS) {
            browser.view(view);
            assertThat(browser.js("return document.documentElement.scrollWidth"))
                    .as("%s: nothing but tables and drawings is wider than the window", view)
                    .isEqualTo((long) width);
            if (width == 1280) {
                assertThat(browser.js("return [...document.querySelectorAll('.table .scroll')]"
                                + ".every(each => each.scrollWidth <= each.clientWidth)"))
                        .as("%s: tables fit a usual window", view)
                        .isEqualTo(true);
            }
            assertThat(browser.js("return document.querySelector('nav [aria-current]').textContent"))
                    .asString()
                    .startsWith(view);
        }
        String ground = String.valueOf(browser.js("return getComputedStyle(document.body).backgroundColor"));
        assertThat(ground).isEqualTo(theme.equals("light") ? "rgb(246, 247, 248)" : "rgb(20, 23, 26)");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsNumbersAsTheyMove() {
        browser.as(1280, 900, "light");
        open("").awaitText(
                        ".tiles",
                        text -> {
                            send(20, "get page/1");
                            return text.matches("(?s).*Requests\\s+[1-9].*") && text.contains("2 of 3");
                        },
                        "requests");
        browser.awaitText("#notices", "1 server marked bad: gone");
        assertThat(browser.js("return document.querySelectorAll('.plot canvas').length"))
                .isEqualTo(4L);

        browser.view("Pools and servers").awaitText("section:nth-of-type(2)", "east-1", "east-2", "gone", "bad");
        browser.awaitText(
                "section:nth-of-type(1)",
                text -> {
                    send(20, "get page/1");
                    return text.matches("(?s).*main\\s+2 of 2\\s+[0-9.,]+/s.*");
                },
                "the rate of the pool");
        browser.type(".filter", "gone")
                .awaitText("section:nth-of-type(2)", text -> !text.contains("east-1"), "one row");
        browser.clear(".filter").awaitText("section:nth-of-type(2)", "east-1");
        browser.click("//section[2]//button[.='State']");
        assertThat(browser.js("return document.querySelectorAll('section')[1].querySelector('tbody th').innerText"))
                .asString()
                .startsWith("gone");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void namesTheSlowServerFirstAndCountsExactly() throws Exception {
        browser.as(1280, 900, "light");
        try (DelayedServer slow = DelayedServer.start(east2.address(), Duration.ofMillis(20));
                RunningSite slowed = new RunningSite(directory, """
                        pools{ main = { backends = { "127.0.0.1:%d fast", "127.0.0.1:%d slow" } } }
                        routes{ default = route_direct{ child = "main" } }
                        """.formatted(east1.port(), slow.port()))) {
            int[] sent = new int[1];
            browser.open(slowed.page("/")).awaitText("#link", "live");
            browser.awaitText(
                    "#notices",
                    text -> {
                        sent[0] += getFiftyKeys(slowed);
                        return text.contains("slow is slow: half of its replies take 2");
                    },
                    "the slow server");
            browser.awaitText(".tiles", sent[0] + " in all");
            browser.click("//a[contains(., 'slow is slow')]").awaitText("h1", "Pools and servers");
            // Of the last seconds: it is over when the load is. The median does not move on a busy machine.
            browser.click("//section[2]//button[.='p50']")
                    .awaitText(
                            "section:nth-of-type(2) tbody th",
                            text -> {
                                getFiftyKeys(slowed);
                                return text.startsWith("slow");
                            },
                            "the slow server first");
            browser.view("Slow requests").awaitText(".table", "get", "key", "miss");
            assertThat(browser.problems()).isEmpty();
        }
    }

    /** Returns how many gets it has sent, one after the other, to all servers. */
    private static int getFiftyKeys(RunningSite site) {
        int sent = 0;
        try (RawClient client = RawClient.connect(site.address())) {
            while (sent < 50) {
                client.send("get key" + sent + "\r\n");
                client.expect("END\r\n");
                sent++;
            }
        }
        return sent;
    }

    /**
     * The console is about the last seconds, the metrics of a new proxy about all of its time: they are compared once a
     * load was over before the console forgot its beginning.
     */
    @Test
    void showsThePercentilesOfTheMetrics() throws Exception {
        browser.as(1280, 900, "light");
        try (DelayedServer slow = DelayedServer.start(east2.address(), Duration.ofMillis(20))) {
            Deadline.await("the percentiles of the metrics", Deadline.OF_WORK, () -> {
                try (RunningSite measured = new RunningSite(directory, """
                        pools{ main = { backends = { "127.0.0.1:%d slow" } } }
                        routes{ default = route_direct{ child = "main" } }
                        """.formatted(slow.port()))) {
                    browser.open(measured.page("/#/servers")).awaitText("#link", "live");
                    try (RawClient client = RawClient.connect(measured.address())) {
                        for (int i = 0; i < 50; i++) {
                            client.send("get key\r\n");
                            client.expect("END\r\n");
                        }
                    }
                    browser.awaitText("section:nth-of-type(2)", text -> !shown(7).equals("–"), "a median");
                    return isClose(shown(7), metric("0.5")) && isClose(shown(8), metric("0.99"));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(browser.problems()).isEmpty();
    }

    /** The text in a column of the first server. */
    private static String shown(int column) {
        return String.valueOf(browser.js("return document.querySelectorAll('section')[1].querySelector('tbody tr')"
                + "?.children[" + column + "].innerText ?? '–'"));
    }

    private static double metric(String quantile) {
        String name = "memroute_backend_request_duration_seconds{backend=\"slow\",quantile=\"" + quantile + "\"} ";
        return String.valueOf(browser.js("return fetch('/metrics').then(answer => answer.text())"))
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static boolean isClose(String shown, double seconds) {
        String[] number = shown.split(" ");
        double unit = Map.of("µs", 1e-6, "ms", 1e-3, "s", 1.0).getOrDefault(number[number.length - 1], Double.NaN);
        return Math.abs(Double.parseDouble(number[0].replace("–", "NaN")) * unit - seconds) < 0.05 * seconds;
    }

    @Test
    void showsSourcesAndTheAgeOfTheirAnswers() throws Exception {
        browser.as(1280, 900, "light");
        Path servers = Files.writeString(directory.resolve("servers"), "127.0.0.1:" + east1.port() + "\n");
        try (RunningSite named = new RunningSite(directory, """
                        settings{ discovery = { state = "%s" } }
                        pools{ main = { backends = { "file+%s" } } }
                        routes{ default = route_direct{ child = "main" } }
                        """.formatted(directory.resolve("state"), servers))) {
            browser.open(named.page("/")).awaitText("#link", "live");
            browser.view("Pools and servers")
                    .awaitText("section:nth-of-type(3)", "Sources", "file+" + servers, " s ago", "followed");
            Files.delete(servers);
            browser.awaitText("section:nth-of-type(3)", "fails: no such file");
            assertThat(browser.js("return [...document.querySelectorAll('.table .scroll')]"
                            + ".every(each => each.scrollWidth <= each.clientWidth)"))
                    .as("tables fit a usual window")
                    .isEqualTo(true);
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void showsHowFarAMoveIs() throws Exception {
        browser.as(1280, 900, "light");
        try (MemcachedServer from = MemcachedServer.start();
                RunningSite moving = new RunningSite(directory, """
                        pools{
                          one = { backends = { "127.0.0.1:%1$d" } },
                          two = { backends = { "127.0.0.1:%2$d" } },
                        }
                        routes{ default = route_reshard{ from = "one", to = "two", stats = true, stats_name = "grow" } }
                        """.formatted(from.port(), east2.port()))) {
            try (RawClient old = from.connect()) {
                old.send("set moves-1 0 0 1\r\nx\r\nset moves-2 0 0 1\r\nx\r\n");
                old.expect("STORED\r\nSTORED\r\n");
            }
            browser.open(moving.page("/")).awaitText("#link", "live");
            browser.view("Pools and servers").awaitText("section:nth-of-type(4)", "Moves", "grow", "nothing found for");
            try (RawClient client = RawClient.connect(moving.address())) {
                client.send("get moves-1\r\nget moves-2\r\nget moves-3\r\n");
                client.expect("VALUE moves-1 0 1\r\nx\r\nEND\r\nVALUE moves-2 0 1\r\nx\r\nEND\r\nEND\r\n");
            }
            browser.awaitText("section:nth-of-type(4)", "grow", "2", "1");
            from.kill();
            try (RawClient client = RawClient.connect(moving.address())) {
                client.send("set moves-1 0 0 1\r\ny\r\n");
                client.expect("STORED\r\n");
            }
            browser.awaitText(
                    "section:nth-of-type(4)",
                    text -> text.matches("(?s).*grow\\s+2\\s+\\S+\\s+1\\s+1\\s+0\\s.*"),
                    "one key owed");
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void showsClientsByIdentityWhereThereAreRules() throws Exception {
        browser.as(1280, 900, "light");
        try (RunningSite ruled = new RunningSite(directory, """
                        access{ { who = "tag:tools", allow = "all" }, { allow = "get" } }
                        routes{ default = route_direct{ child = "internal" } }
                        """, "tools")) {
            browser.open(ruled.page("/")).awaitText("#link", "live");
            assertThat(browser.text(".pair")).doesNotContain("By identity");
            browser.awaitText(
                    ".pair",
                    text -> {
                        try (RawClient tools = RawClient.connect(ruled.address(1));
                                RawClient other = RawClient.connect(ruled.address())) {
                            tools.send("delete a\r\n");
                            tools.expect("NOT_FOUND\r\n");
                            other.send("delete a\r\n");
                            other.expect("CLIENT_ERROR access denied\r\n");
                        }
                        return text.contains("By identity")
                                && text.matches("(?s).*tag:tools\\s+[0-9.,]+/s\\s+0\\s+0\\b.*")
                                && text.matches("(?s).*anonymous\\s+[0-9.,]+/s\\s+[1-9][0-9]*\\s+0\\b.*");
                    },
                    "two identities");
            assertThat(browser.problems()).isEmpty();
        }
    }

    /** Names, labels and keys that a page would take for its own, or that fill it. */
    @Test
    void showsHostileTextsAsTexts() throws Exception {
        String tag = "<img/src=x/onerror=document.title='gotcha'>";
        String length = "long".repeat(60);
        browser.as(1280, 900, "light");
        try (DelayedServer slow = DelayedServer.start(east2.address(), Duration.ofMillis(20));
                RunningSite hostile = new RunningSite(directory, """
                        pools{ ["pool%1$s"] = { backends = { "127.0.0.1:%2$d label%1$s" } } }
                        routes{ default = route_direct{ child = "pool%1$s", name = "route%1$s" } }
                        """.formatted(tag.replace("'", "\\'"), slow.port()))) {
            for (String key : List.of("key" + tag, length, "control\u0001\u001b[31m\u007f")) {
                try (RawClient client = RawClient.connect(hostile.address())) {
                    client.send("get " + key + "\r\nmn\r\n");
                    client.readUntil("MN\r\n");
                }
            }
            browser.open(hostile.page("/")).awaitText("#link", "live");
            browser.view("Hot keys").awaitText(".table", "key" + tag, length, "pool" + tag, "label" + tag);
            browser.view("Slow requests").awaitText(".table", "key" + tag, length);
            browser.view("Pools and servers").awaitText("section:nth-of-type(2)", "label" + tag, "pool" + tag);
            browser.view("Routes").awaitText(".drawing", "route" + tag, "pool" + tag);
            browser.view("Configuration").awaitText("main", "onerror");
            for (String view : VIEWS) {
                browser.view(view);
                assertThat(browser.js("return document.documentElement.scrollWidth"))
                        .as("%s: no text is wider than the window", view)
                        .isEqualTo(1280L);
                assertThat(browser.js("return document.querySelectorAll('main img').length"))
                        .isEqualTo(0L);
            }
            assertThat(browser.js("return document.title")).asString().doesNotContain("gotcha");
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void drawsTheRoutesWithTheirRates() {
        browser.as(1280, 900, "light");
        open("#/routes")
                .awaitText(".drawing", "untagged", "cmap.set", "map.user", "failover", "users", "main", "spare");
        assertThat(browser.js("return document.querySelectorAll('.edge').length"))
                .isEqualTo(14L);
        browser.awaitRates(".flow", () -> send(20, "get other"));
        browser.type(".filter", "map.user").awaitText(".drawing", text -> !text.contains("cmap.set"), "one entry");
        browser.click("//div[contains(@class, 'pool')]//a[.='spare']").awaitText("h1", "Pools and servers");
        assertThat(browser.js("return document.querySelector('.filter').value")).isEqualTo("spare");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void saysWhereAKeyGoesAndWhereIfServersAreDown() {
        browser.as(1280, 900, "light");
        open("#/where").awaitText(".answer", "Type a command");
        browser.type(".command", "get user/1", Keys.ENTER)
                .awaitText(".answer", "failover", "users", "pool main", "all up, key in all");
        String server = browser.text(".choice .server");
        assertThat(server).isIn("east-1", "east-2");
        browser.click("//fieldset//label[contains(., '" + server + "')]/input")
                .awaitText(".answer", "taken as down", "the others up");
        browser.click("//fieldset//label[contains(., '" + server + "')]/input")
                .awaitText(".answer", text -> !text.contains("taken as down"), "up again");
        browser.clear(".command").type(".command", "what is this", Keys.ENTER).awaitText(".answer", "what is this");
        assertThat(browser.problems()).allMatch(problem -> problem.contains("/api/why"));
    }

    @Test
    void triesOutAConfiguration() {
        browser.as(1280, 900, "light");
        open("#/configuration").awaitText(".facts", "routes.lua", "Digest").awaitText(".outline", "route");
        browser.type("textarea", "routes{ default = route_direct{ child = 'nothing' } }");
        browser.click("//button[.='Check and compare']")
                .awaitText(".result", "A start would refuse it: 1 error", "no pool named");
        browser.clear("textarea");
        browser.js(
                "document.querySelector('textarea').value = arguments[0]",
                configuration().replace("east-1\"", "east-1\", \"127.0.0.1:1 east-3\""));
        browser.js("""
                window.seen = [];
                const progress = document.querySelector('progress');
                new MutationObserver(changes => changes
                        .filter(change => change.attributeName === 'value' && !progress.hidden)
                        .forEach(change => seen.push(Number(change.oldValue))))
                    .observe(progress, { attributes: true, attributeOldValue: true });
                """);
        browser.click("//button[.='Check and compare']")
                .awaitText(".result", "Good: 3 pools, 4 servers", "of the keys change their server", "127.0.0.1:1");
        assertThat((List<?>) browser.js("return window.seen"))
                .as("the bar moves while keys are hashed")
                .extracting(value -> ((Number) value).doubleValue())
                .anyMatch(value -> value > 0 && value < 1)
                .isSorted();
        assertThat(browser.js("return document.querySelector('progress').hidden"))
                .isEqualTo(true);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void tellsOfAReloadThatFailsAndOfOneThatDoesNot() throws Exception {
        browser.as(1280, 900, "light");
        open("").awaitText("#link", "live");
        assertThat(site.reload("this is no Lua")).isFalse();
        browser.awaitText("#notices", "The last reload failed").click("//a[contains(., 'The last reload failed')]");
        browser.awaitText(".errors", "routes.lua:1: syntax error near 'is'");
        assertThat(site.reload(configuration())).isTrue();
        browser.awaitText("#notices", text -> !text.contains("reload failed"), "no failure");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsWhatComesFromOutsideAsText() throws Exception {
        String image = "<img/src=/x/onerror=document.title='owned'>";
        browser.as(1280, 900, "light");
        try (RunningSite hostile = new RunningSite(directory, """
                pools{ ["%1$s"] = { backends = { "127.0.0.1:%2$d %1$s" } } }
                routes{ map = { ["<b>bold"] = route_direct{ child = "%1$s", name = "%1$s" } },
                  default = route_direct{ child = "%1$s" } }
                """.formatted(image, dead.port()))) {
            browser.open(hostile.page("/")).awaitText("#notices", "marked bad: " + image);
            browser.view("Pools and servers").awaitText("section:nth-of-type(2)", image);
            browser.view("Routes").awaitText(".drawing", image);
            browser.view("Events")
                    .awaitText(".events", text -> text.contains(image) || text.contains("Nothing"), image);
            browser.view("Where does a key go?")
                    .type(".command", "get " + image, Keys.ENTER)
                    .awaitText(".answer", "pool " + image);
            hostile.reload("error('" + image.replace("'", "\\'") + "')");
            browser.view("Configuration").awaitText(".errors", image);
            browser.type("textarea", "error(\"" + image + "\")").click("//button[.='Check and compare']");
            browser.awaitText(".result", image);
            assertThat(browser.js("return document.querySelectorAll('#view img, #view script, #notices img').length"))
                    .isEqualTo(0L);
            assertThat(browser.js("return document.title")).isEqualTo("Configuration – memroute");
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void isUsedWithoutAMouse() {
        browser.as(1280, 900, "light");
        open("").awaitText("#link", "live");
        browser.press(Keys.TAB);
        browser.awaitFocus("skip"::equals, "the link past the menu");
        browser.press("2").awaitText("h1", "Pools and servers");
        browser.press("/");
        browser.awaitFocus("filter"::equals, "the filter");
        browser.press("3");
        assertThat(browser.js("return document.querySelector('.filter').value")).isEqualTo("3");
        browser.press(Keys.ESCAPE);
        browser.awaitFocus(name -> !name.equals("filter"), "not the filter");
        browser.press("?");
        assertThat(browser.js("return document.querySelector('dialog').open")).isEqualTo(true);
        browser.press(Keys.ESCAPE);
        // The browser closes it by itself, and later.
        Deadline.await(
                "the end of the dialog",
                () -> Boolean.FALSE.equals(browser.js("return document.querySelector('dialog').open")));
        browser.press("8").awaitText("h1", "Where does a key go?");
        for (String theme : List.of("light", "dark", "system")) {
            browser.press("t");
            assertThat(browser.js("return document.documentElement.dataset.theme"))
                    .isEqualTo(theme);
        }
        assertThat(browser.js("return [...document.querySelectorAll('button, input, select, textarea')].filter(e => "
                        + "!(e.innerText || e.getAttribute('aria-label') || e.labels?.length)).length"))
                .as("fields without a name")
                .isEqualTo(0L);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void saysThatTheProxyIsGoneAndGoesOnWhenItIsBack() throws Exception {
        browser.as(1280, 900, "light");
        try (RunningSite ending = new RunningSite(directory, configuration())) {
            browser.open(ending.page("/")).awaitText("#link", "live");
            ending.closeListener();
            browser.awaitText("#link", "no connection").awaitText("#notices", "What you see is as it was then");
            ending.openListener();
            browser.awaitText("#link", "live").awaitText("#notices", text -> !text.contains("as it was"), "no notice");
        }
    }

    @Test
    void copesWithAThousandServersAndThreeHundredRoutes() throws Exception {
        String servers = IntStream.range(0, 1000)
                .mapToObj(i -> "\"127.0.0.1:1 s" + i + " _down_\"")
                .collect(Collectors.joining(", "));
        String routes = IntStream.range(0, 300)
                .mapToObj(i -> "p" + i + " = route_direct{ child = 'main', name = 'r" + i + "' }")
                .collect(Collectors.joining(", "));
        browser.as(1280, 900, "light");
        try (RunningSite large = new RunningSite(
                directory,
                "pools{ main = { backends = { %s } } }\nroutes{ map = { %s }, default = route_null{} }"
                        .formatted(servers, routes))) {
            browser.open(large.page("/#/servers"))
                    .awaitText("section:nth-of-type(2)", "750 more: the filter finds them.");
            browser.type(".filter", "s777")
                    .awaitText("section:nth-of-type(2)", text -> text.contains("s777") && !text.contains("s1"), "s777");
            browser.view("Routes").awaitText(".drawing", "map.p0", "map.p299", "pool, 1,000 servers");
            browser.type(".filter", "p250")
                    .awaitText(".drawing", text -> text.contains("p250") && !text.contains("p0"), "p250");
            assertThat(browser.problems()).isEmpty();
        }
    }
}
