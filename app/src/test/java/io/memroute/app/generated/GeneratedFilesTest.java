package io.memroute.app.generated;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.command.Commands;
import io.memroute.app.options.ServerOption;
import io.memroute.lua.command.LuaCommand;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.builtin.Handlers;
import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that a package takes from the program say what the program takes, and the programs that read them can. */
class GeneratedFilesTest {

    private static final String BASH = "bash-completion/completions/memroute";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void generate() {
        assertThat(Commands.execute(List.of("generate", directory.toString()))).isZero();
    }

    private static String text(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    @Test
    void theManualPageHasEveryOptionAndCommand() throws IOException {
        String page = text("man/man1/memroute.1").replace("\\-", "-");
        for (ServerOption option : CommandLineModel.serverOptions()) {
            assertThat(page).contains("\\fB" + String.join(", ", CommandLineModel.names(option)) + "\\fR");
        }
        assertThat(page).contains(".SS \"memroute check FILE\"", ".SS \"memroute init FILE\"", "\\fB--strict\\fR");
        assertThat(page).doesNotContain("memroute train", "memroute generate");
    }

    @Test
    void theManualPageIsOneForGroff() throws IOException {
        ChildProcess.require("groff", "groff-base");
        try (ChildProcess groff = ChildProcess.start(
                List.of("groff", "-man", "-Tascii", "-ww", "-z", directory.resolve("man/man1/memroute.1") + ""),
                Map.of())) {
            assertThat(groff.awaitExit()).as(groff::output).isZero();
            assertThat(groff.output()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            che                   | check
            ini                   | init
            check --str           | --strict
            run --drain-t         | --drain-timeout
            --max-it              | --max-item-size
            """)
    void bashCompletesWhatIsBegun(String begun, String completed) {
        String[] words = begun.split(" ");
        String script = "source '" + directory.resolve(BASH) + "'; COMP_WORDS=(memroute " + begun + "); COMP_CWORD="
                + words.length + "; _complete_memroute; echo \"${COMPREPLY[@]}\"";
        try (ChildProcess bash = ChildProcess.start(List.of("bash", "-c", script), Map.of())) {
            assertThat(bash.awaitExit()).as(bash::output).isZero();
            assertThat(bash.output().strip().split("\\s+")).contains(completed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bash, bash-completion/completions/memroute",
        "zsh, zsh/site-functions/_memroute",
        "fish, fish/vendor_completions.d/memroute.fish"
    })
    void theShellReadsItsFile(String shell, String file) throws IOException {
        ChildProcess.require(shell, shell);
        try (ChildProcess read =
                ChildProcess.start(List.of(shell, "-n", directory.resolve(file).toString()), Map.of())) {
            assertThat(read.awaitExit()).as(read::output).isZero();
            assertThat(read.output()).isEmpty();
        }
        assertThat(text(file)).contains("check", "drain-timeout", "strict");
    }

    @Test
    void fishCompletesWhatIsBegun() throws IOException {
        ChildProcess.require("fish", "fish");
        String script = "source " + directory.resolve("fish/vendor_completions.d/memroute.fish")
                + "; complete -C 'memroute check --str'";
        try (ChildProcess fish =
                ChildProcess.start(List.of("fish", "--no-config", "-c", script), Map.of("HOME", directory + ""))) {
            assertThat(fish.awaitExit()).as(fish::output).isZero();
            assertThat(fish.output()).startsWith("--strict");
        }
    }

    @Test
    void theAnnotationsHaveEveryArgumentOfEveryHandler() throws IOException {
        String annotations = text("memroute/lua-language-server/handlers.lua");
        for (Handler handler : Handlers.all()) {
            String own = annotations
                    .split("---@class \\(exact\\) memroute\\.arguments\\." + handler.name() + "\n")[1]
                    .split("\nfunction ")[0];
            assertThat(annotations).contains("\nfunction route_" + handler.name() + "(arguments) end\n");
            assertThat(handler.arguments().names())
                    .allSatisfy(name -> assertThat(own).containsPattern("---@field " + name + "\\?? "));
        }
        assertThat(annotations).contains("---@field children memroute.Children\n", "---@field miss? boolean\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"handlers", "constants", "configuration", "mcp"})
    void theAnnotationsAreLua(String name) throws IOException {
        Path file = directory.resolve("memroute/lua-language-server/" + name + ".lua");
        if (!Files.exists(file)) {
            file = Path.of("src/main/assembly/lua-language-server/" + name + ".lua");
        }
        Path program = Files.writeString(
                directory.resolve(name + "-check.lua"),
                "mcp = {}\nassert(loadfile('" + file.toAbsolutePath() + "'))()\n");
        assertThat(LuaCommand.run(new String[] {program.toString()})).isZero();
    }
}
