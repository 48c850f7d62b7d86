package io.memroute.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColoursTest {

    @TempDir
    private Path directory;

    private static String marked(String painted) {
        return painted.replace("\u001b[0m", ">").replaceAll("\u001b\\[([0-9]+)m", "<$1 ");
    }

    @Test
    void findingsHaveTheirPlaceAndTheirMark() {
        assertThat(marked(Colours.FINDINGS.on("""
                r.lua:2:33: no pool
                 2 | routes{}
                   |   ^
                r.lua:3: warning: odd
                r.lua:4: note: rare
                r.lua: 1 error
                """))).isEqualTo("""
                <1 r.lua:2:33:> <31 no pool>
                <2  2 | >routes{}
                   |   <32 ^>
                <1 r.lua:3:> <33 warning:> odd
                <1 r.lua:4:> <2 note:> rare
                r.lua: <31 1 error>
                """);
    }

    @Test
    void planHasSigns() {
        assertThat(marked(Colours.PLAN.on("pools\n  + a\n  ~ b\n      - c\n")))
                .isEqualTo("<1 pools>\n  <32 + a>\n  <33 ~> b\n      <31 - c>\n");
    }

    @Test
    void whyTellsOutcomesApart() {
        assertThat(marked(Colours.WHY.on("""
                get k

                ├─ 1: x DOWN
                up  a -> hit from a
                no  a -> SERVER_ERROR x, after 1 s
                """))).isEqualTo("""
                <1 get k>

                <2 ├─> 1: x <31 DOWN>
                up  a -> <32 hit from a>
                no  a -> <31 SERVER_ERROR x>, after 1 s
                """);
    }

    /** What a program prints to a terminal, or to a pipe. */
    private String output(boolean terminal, String environment, String... words)
            throws IOException, InterruptedException {
        String command = environment + ProgramUnderTest.shellCommand(words);
        // util-linux runs it in a pseudo terminal.
        List<String> shell = terminal ? List.of("script", "-qec", command, "/dev/null") : List.of("sh", "-c", command);
        ProcessBuilder builder = new ProcessBuilder(shell).redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void aTerminalGetsColoursUnlessItWantsNone() throws Exception {
        Path file = Files.writeString(directory.resolve("r.lua"), "routes{ default = route_direct{ child = 'a' } }\n");
        String name = file.toString();
        assertThat(output(true, "", "check", name)).contains("\u001b[1m" + name + ":1:33:\u001b[0m \u001b[31m");
        assertThat(output(true, "NO_COLOR=1 ", "check", name))
                .contains(name + ":1:33: ")
                .doesNotContain("\u001b");
        assertThat(output(true, "", "check", name, "--json")).contains("errors").doesNotContain("\u001b");
        assertThat(output(false, "", "check", name)).contains(name + ":1:33: ").doesNotContain("\u001b");
    }
}
