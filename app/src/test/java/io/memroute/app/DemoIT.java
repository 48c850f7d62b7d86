package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code memroute demo}: what it invites to try works as printed. */
class DemoIT {

    private static final String LAST_LINE = "Ctrl-C ends it.\n";

    @Test
    void theCommandsItPrintsWorkAndCtrlCEndsIt() {
        try (ChildProcess demo = Packaged.start("demo", "--port", "0")) {
            demo.awaitOutput(LAST_LINE);
            List<String> commands = demo.output()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("printf ") || line.startsWith("bash "))
                    .toList();
            assertThat(commands).hasSize(3);
            assertThat(runInShell(commands.get(0))).isEqualTo("STORED\r\nVALUE greeting 0 5\r\nhello\r\nEND\r\n");
            assertThat(runInShell(commands.get(1))).isEqualTo("STORED\r\nVALUE session/42 0 5\r\nalice\r\nEND\r\n");
            assertThat(runInShell(commands.get(2)))
                    .as("the server behind pool sessions, asked directly")
                    .isEqualTo("VALUE session/42 0 5\r\nalice\r\nEND\r\n");

            demo.signal("INT");
            assertThat(demo.awaitExit()).isZero();
            assertThat(demo.output()).contains(LAST_LINE);
        }
    }

    @Test
    void itsConfigurationCanBeEditedAndReloaded() throws IOException {
        try (ChildProcess demo = Packaged.start("demo", "--port", "0")) {
            demo.awaitOutput(LAST_LINE);
            Path configuration = configuration(demo);

            Files.writeString(configuration, "this is no Lua\n");
            demo.signal("HUP");
            demo.awaitOutput(configuration + ":1:");

            demo.signal("TERM");
            assertThat(demo.awaitExit()).isZero();
            assertThat(configuration.getParent()).doesNotExist();
        }
    }

    @Test
    void aTakenPortIsNamedWithTheWayOut() {
        try (ChildProcess first = Packaged.start("demo", "--port", "0")) {
            first.awaitOutput(LAST_LINE);
            Matcher port =
                    Pattern.compile("a proxy on 127\\.0\\.0\\.1:([0-9]+)").matcher(first.output());
            assertThat(port.find()).isTrue();
            try (ChildProcess second = Packaged.start("demo", "--port", port.group(1))) {
                assertThat(second.awaitExit()).isEqualTo(71);
                assertThat(second.output())
                        .contains("127.0.0.1:" + port.group(1), "choose another port with --port")
                        .hasLineCount(1);
            }
        }
    }

    @Test
    void aPortThatIsNoneIsRefused() {
        for (String port : List.of("70000", "-1", "http")) {
            try (ChildProcess demo = Packaged.start("demo", "--port", port)) {
                assertThat(demo.awaitExit()).isEqualTo(64);
                assertThat(demo.output()).contains("--port").doesNotContain("Exception", "\tat ");
            }
        }
    }

    @Test
    void whatAKilledDemoLeavesBehindGoesWithTheNext() {
        Path left;
        try (ChildProcess killed = Packaged.start("demo", "--port", "0")) {
            killed.awaitOutput(LAST_LINE);
            left = configuration(killed).getParent();
            killed.kill();
        }
        assertThat(left).exists();
        try (ChildProcess next = Packaged.start("demo", "--port", "0")) {
            next.awaitOutput(LAST_LINE);
            assertThat(left).doesNotExist();
            assertThat(configuration(next)).exists();
            next.signal("TERM");
            assertThat(next.awaitExit()).isZero();
        }
    }

    private static Path configuration(ChildProcess demo) {
        Matcher path = Pattern.compile("configuration +(/\\S+)").matcher(demo.output());
        assertThat(path.find()).isTrue();
        return Path.of(path.group(1));
    }

    private static String runInShell(String command) {
        try (ChildProcess shell = ChildProcess.start(List.of("sh", "-c", command), Map.of())) {
            assertThat(shell.awaitExit()).as(shell::output).isZero();
            return shell.output();
        }
    }
}
