package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.RawClient;
import io.memroute.testkit.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/monitoring.md describes exactly the metrics, the pages and the alerts that there are. */
class MonitoringPageTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Pattern ROW =
            Pattern.compile("^\\| `(memroute_\\w+|jvm_threads_current)` \\|.*$", Pattern.MULTILINE);
    private static final Pattern FIRED = Pattern.compile("alertname: (\\S+)\\s+exp_alerts:\\s+- exp_labels:");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\S+)");
    private static final Pattern ALERT_ROW = Pattern.compile("^\\| `(Memroute\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    @TempDir
    private Path directory;

    private MonitoredProxy proxy;
    private AdminPageReader pages;

    @BeforeEach
    void start() throws Exception {
        Path servers = Files.writeString(directory.resolve("servers"), "127.0.0.1:2\n");
        TestCertificate own = TestCertificate.make(directory, "own", "DNS:proxy.example");
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                settings{ discovery = { state = "%s" } }
                pools{ main = { backends = {
                  { host = "127.0.0.1", port = 1, tls = { cert = "%s", key = "%s" } }, "file+%s" } } }
                routes{ default = route_direct{ child = "main", name = "x" } }
                access{ { deny = "watch" }, default = "allow" }
                """.formatted(
                        directory.resolve("state"), own.certificateFile(), own.keyFile(), servers));
        proxy = MonitoredProxy.start(file, 1);
        pages = proxy.pages();
        // Clients have series of their own from their first request on.
        try (RawClient client = RawClient.connect(proxy.server().addresses().getFirst())) {
            client.send("watch\r\nmn\r\n");
            client.expect("CLIENT_ERROR access denied\r\nMN\r\n");
        }
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static String page() throws Exception {
        return Files.readString(REPOSITORY.resolve("docs/monitoring.md"));
    }

    /** The rows of the tables, as the exposition has them: name, type, labels, help. */
    private List<String> exposed() {
        Map<String, String> helps = new TreeMap<>();
        Map<String, String> types = new TreeMap<>();
        Map<String, TreeSet<String>> labels = new TreeMap<>();
        for (String line : pages.get("/metrics").body().lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else {
                String name = line.replaceFirst("[{ ].*", "");
                String family = types.containsKey(name) ? name : name.replaceFirst("_(bucket|count|sum)$", "");
                Matcher label = LABEL.matcher(line);
                TreeSet<String> names = labels.computeIfAbsent(family, added -> new TreeSet<>());
                while (label.find()) {
                    if (!label.group(1).equals("le")) {
                        names.add("`" + label.group(1) + "`");
                    }
                }
            }
        }
        List<String> rows = new ArrayList<>();
        types.forEach((name, type) -> {
            if (name.startsWith("memroute_") || name.equals("jvm_threads_current")) {
                rows.add("| `%s` | %s | %s | %s |"
                        .formatted(name, type, String.join(", ", labels.get(name)), helps.get(name)));
            }
        });
        return rows;
    }

    @Test
    void everyMetricIsDescribedAsItsHelpDoes() throws Exception {
        List<String> described = ROW.matcher(page())
                .results()
                .map(match -> match.group())
                .sorted()
                .toList();
        assertThat(described).containsExactlyInAnyOrderElementsOf(exposed());
    }

    @Test
    void everyPageIsListed() throws Exception {
        String text = page();
        String list = pages.get("/nothing").body();
        assertThat(list.lines().filter(line -> line.startsWith("/")))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(text).contains("`" + path));
    }

    private static List<String> alerts() throws Exception {
        return ALERT.matcher(Files.readString(REPOSITORY.resolve("ops/prometheus/memroute-alerts.yml")))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    @Test
    void everyAlertIsExplained() throws Exception {
        assertThat(ALERT_ROW.matcher(page()).results().map(match -> match.group(1)))
                .containsExactlyElementsOf(alerts());
    }

    @Test
    void everyAlertHasACaseInWhichItFires() throws Exception {
        assertThat(FIRED.matcher(Files.readString(REPOSITORY.resolve("ops/prometheus/memroute-tests.yml")))
                        .results()
                        .map(match -> match.group(1))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(alerts());
    }
}
