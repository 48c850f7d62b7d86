package io.memroute.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.admin.AdminPages;
import io.memroute.app.explain.AdminCommands;
import io.memroute.app.options.AdminAddress;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands that {@code docs/checking.md} and {@code docs/security.md} show print what they show, run as programs in
 * the repository's directory.
 */
class DocumentedCommandsTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Pattern BLOCK =
            Pattern.compile("^```console\n\\$ \\./memroute (.*?)\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @TempDir
    private Path directory;

    private record Outcome(int status, String output) {}

    private static Outcome memroute(List<String> words) throws IOException, InterruptedException {
        return memroute(words, true);
    }

    private static Outcome memroute(List<String> words, boolean withErrors) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(REPOSITORY.toFile()).redirectErrorStream(withErrors);
        if (!withErrors) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> thePageShowsWhatIsPrinted() throws IOException {
        List<MatchResult> blocks = new ArrayList<>();
        for (String page : List.of("docs/checking.md", "docs/security.md")) {
            // The walk needs servers; SecurityGuideTest does it.
            String text = Files.readString(REPOSITORY.resolve(page)).replace(SecurityGuideTest.walk(), "");
            BLOCK.matcher(text).results().forEach(blocks::add);
        }
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(5);
        return blocks.stream()
                .map(block -> DynamicTest.dynamicTest(
                        block.group(1),
                        () -> assertThat(memroute(words(block.group(1))).output())
                                .isEqualTo(block.group(2))));
    }

    private int status(String... words) throws Exception {
        return memroute(List.of(words)).status();
    }

    @Test
    void whatAConfigurationPrintsDoesNotSpoilTheAnswer() throws Exception {
        Path chatty = Files.writeString(directory.resolve("chatty.lua"), """
                print("hello")
                register_route_handlers{ "chatty" }
                function route_chatty_conf(t, ctx) print("configuring") return t end
                function route_chatty_start(t, ctx, fgen)
                  print("starting")
                  local h = fgen:new_handle(t.child)
                  fgen:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                end
                pools{ a = { backends = { "10.0.0.1" } } }
                routes{ default = route_chatty{ child = "a" } }
                """);
        assertThat(memroute(List.of("check", chatty.toString(), "--json"), false))
                .isEqualTo(new Outcome(0, """
                {
                  "errors" : [ ],
                  "warnings" : [ ],
                  "pools" : 1,
                  "backends" : 1,
                  "sources" : [ ],
                  "trees" : 1
                }
                """));
    }

    @Test
    void theExitStatusTellsScriptsWhatHappened() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.lua"), "pools{}\n");
        Path suspicious = Files.writeString(directory.resolve("suspicious.lua"), """
                pools{ a = { backends = { "10.0.0.1" } }, unused = { backends = { "10.0.0.2" } } }
                routes{ default = route_direct{ child = "a" } }
                test{ when = "get k", expect_reply = "miss" }
                """);
        assertThat(status("check", "examples/failover.lua", "--strict")).isZero();
        assertThat(status("check", suspicious.toString())).isZero();
        assertThat(status("check", suspicious.toString(), "--strict")).isEqualTo(2);
        assertThat(status("check", broken.toString())).isEqualTo(1);
        assertThat(status("test", suspicious.toString())).isEqualTo(1);
        assertThat(status("test", "examples/memroute.lua")).isEqualTo(2);
        assertThat(status("why", "examples/memroute.lua", "get")).isEqualTo(1);
        assertThat(status("why", "examples/memroute.lua", "get k", "--down", "nobody:1"))
                .isEqualTo(64);
        assertThat(status("plan", "examples/memroute.lua", broken.toString())).isEqualTo(1);
        assertThat(memroute(List.of("plan", "examples/memroute.lua", "examples/demo.lua", "--sample", "nowhere")))
                .isEqualTo(new Outcome(64, "memroute plan: no such file: nowhere\n"));
        assertThat(status("show", "examples/memroute.lua", "--dot", "--svg")).isEqualTo(64);
    }

    @Test
    void asksARunningProxyWithTheSameWords() throws Exception {
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                pools{ a = { backends = { "127.0.0.1:1" } } }
                routes{ default = route_direct{ child = "a" } }
                """);
        Path socket = directory.resolve("admin.sock");
        try (ProxyServer server = ProxyServer.start(ServerOptions.builder()
                        .workers(1)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .configuration(ConfigSource.ofFile(file.toString()))
                        .build());
                AdminListener admin = AdminListener.start(
                        AdminAddress.parse(socket.toString()),
                        () -> AdminPages.of(new AdminCommands(server).pages()))) {
            assertThat(memroute(List.of("why", "--running", socket.toString(), "get user:42", "--down", "127.0.0.1:1")))
                    .isEqualTo(memroute(List.of("why", file.toString(), "get user:42", "--down", "127.0.0.1:1")));
            assertThat(memroute(List.of("show", "--json", "--running=" + socket)))
                    .isEqualTo(memroute(List.of("show", "--json", file.toString())));
            assertThat(status("check", "--running", socket.toString(), file.toString()))
                    .isEqualTo(64);
        }
        assertThat(memroute(List.of("show", "--running", socket.toString())).output())
                .contains(
                        "memroute show: --running " + socket + ": ",
                        "is a proxy running there with --admin " + socket + "?");
    }
}
