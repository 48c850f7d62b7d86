package io.memroute.proxy.script.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.testkit.TemporaryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Slips in programs that use {@code mcp} themselves, each with every warning about it, and programs without any. */
class ProgramReviewTest {

    private static final Pattern LUA_BLOCK = Pattern.compile("^```lua\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static List<String> warnings(String program) throws ConfigException {
        try (TemporaryFile file = TemporaryFile.of(".lua", program)) {
            ScriptPlan plan = ScriptLoader.load(
                    new ConfigSource(List.of(file.toString()), Optional.empty()),
                    ScriptHost.NONE,
                    LuaBounds.defaults());
            return plan.warnings().stream()
                    .map(warning -> text(warning, file.toString()))
                    .toList();
        }
    }

    private static String text(Warning warning, String file) {
        return warning.where().precisely().replace(file + ":", "") + ": "
                + warning.message().replace(file, "");
    }

    /** In the second line, within mcp_config_routes. */
    private static DynamicTest slip(String line, String... warnings) {
        String program = "function mcp_config_pools() return {} end function mcp_config_routes(c)\n" + line + "\nend";
        return DynamicTest.dynamicTest(line, () -> assertThat(warnings(program)).containsExactly(warnings));
    }

    @TestFactory
    Stream<DynamicTest> slips() {
        return Stream.of(
                slip(
                        "mcp.attach(mcp.CMD_GTE, f)",
                        "2:16: mcp.CMD_GTE is not defined (did you mean \"CMD_GET\"?)",
                        "2:25: f is not defined"),
                slip("mcp.atach(mcp.CMD_GET)", "2:5: mcp.atach is not defined (did you mean \"attach\"?)"),
                slip(
                        "local x = mcp_config_pool()",
                        "2:11: mcp_config_pool is not defined (did you mean \"mcp_config_pools\"?)"),
                slip("local T = { read = 1 } return T.raed", "2:33: T.raed is not defined (did you mean \"read\"?)"),
                slip("return { a = 1, a = 2 }", "2: a is given twice in one table; only the last counts"),
                slip("if verbose then print(verbose) end"),
                slip("local d = debug_level or 0 trace = d return trace, mcp.WAIT_GOOD, string.format, "
                        + "mcp.time_mono_millis()"),
                DynamicTest.dynamicTest(
                        "unknown options",
                        () -> assertThat(warnings("""
                        function mcp_config_pools()
                          local b = mcp.backend{ label = "b", host = "127.0.0.1", port = 1, conections = 2 }
                          return mcp.pool({ b }, { dst = mcp.dist_ring_hash })
                        end
                        """))
                                .containsExactly(
                                        "2:69: mcp.backend: unknown key \"conections\" (did you mean \"connections\"?)",
                                        "3:28: mcp.pool: unknown key \"dst\" (did you mean \"dist\"?)")));
    }

    @TestFactory
    Stream<DynamicTest> programsOfTheRepositoryHaveNone() throws IOException {
        Stream<DynamicTest> files;
        try (Stream<Path> found = Files.list(Path.of("..", "examples", "lua"))) {
            // One reads a list of servers that is not here.
            files = found.filter(file -> !file.endsWith("serverlist.lua")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(),
                            () -> assertThat(warnings(Files.readString(file))).isEmpty()));
        }
        return Stream.concat(
                files, Stream.of("lua-api.md", "writing-routes.md").flatMap(ProgramReviewTest::examplesOf));
    }

    private static Stream<DynamicTest> examplesOf(String document) {
        try {
            return LUA_BLOCK
                    .matcher(Files.readString(Path.of("..", "docs", document)))
                    .results()
                    .map(found -> found.group(1))
                    .filter(program ->
                            program.contains("function mcp_config_pools") && !program.contains("servers_have_changed"))
                    .map(program -> DynamicTest.dynamicTest(
                            document + ": " + program.lines().findFirst().orElse(""),
                            () -> assertThat(warnings(program)).isEmpty()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
