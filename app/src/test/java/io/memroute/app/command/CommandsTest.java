package io.memroute.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.explain.render.Json;
import io.memroute.testkit.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that need no server: what they write, and what they leave alone. */
class CommandsTest {

    @TempDir
    private Path directory;

    @Test
    void initWritesAConfigurationThatPassesItsOwnCheck() {
        Path file = directory.resolve("memroute.lua");
        assertThat(Commands.execute(List.of("init", file.toString()))).isZero();
        assertThat(Commands.execute(List.of("check", "--strict", file.toString())))
                .isZero();
        assertThat(Commands.execute(List.of("test", file.toString()))).isZero();
    }

    /** A file of somebody else may be looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"check FILE", "why FILE get", "plan FILE FILE", "show FILE", "test FILE"})
    void readsConfigurationsThatWriteNothingUnlessTrusted(String command) throws Exception {
        Path written = directory.resolve("written");
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                pcall(function() local f = io.open("%s", "w") f:write("x") f:close() end)
                routes{ default = route_null{} }
                test{ when = "get a", expect_reply = "miss" }
                """.formatted(written));
        List<String> words =
                new ArrayList<>(List.of(command.replace("FILE", file.toString()).split(" ")));
        words.replaceAll(word -> word.equals("get") ? "get a" : word);
        assertThat(Commands.execute(words)).isZero();
        assertThat(written).doesNotExist();
        words.add("--trust");
        assertThat(Commands.execute(words)).isZero();
        assertThat(written).exists();
    }

    @Test
    void checkAsksSourcesOfServersUnlessItIsOffline() throws Exception {
        Path servers = Files.writeString(directory.resolve("servers"), "10.0.0.1\n10.0.0.2\n");
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                pools{ main = { backends = { "file+%s" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(servers));
        try (ChildProcess check = ProgramUnderTest.start(List.of("check", file.toString()))) {
            assertThat(check.awaitExit()).as(check::output).isZero();
            assertThat(check.output())
                    .contains("file+" + servers + ": 2 servers: 10.0.0.1:11211, 10.0.0.2:11211", "2 backends");
        }
        Files.delete(servers);
        assertThat(Commands.execute(List.of("check", file.toString()))).isEqualTo(ExitStatus.FAILURE);
        assertThat(Commands.execute(List.of("check", "--offline", file.toString())))
                .isZero();
    }

    @Test
    void initLeavesAFileThatIsThereAsItIs() throws Exception {
        Path file = Files.writeString(directory.resolve("memroute.lua"), "-- mine\n");
        assertThat(Commands.execute(List.of("init", file.toString()))).isEqualTo(ExitStatus.FAILURE);
        assertThat(file).hasContent("-- mine\n");
    }

    @Test
    void aBuildSaysWhatItIsMadeOf() {
        Build build = Build.ofThisProgram();
        assertThat(build.netty()).matches("4\\.2\\.\\d+\\.Final");
        assertThat(build.transport()).isIn("epoll", "kqueue", "nio");
        assertThat(build.java().version()).isEqualTo(Runtime.version().toString());
        build.commit().ifPresent(commit -> assertThat(commit).matches("[0-9a-f]{40}"));
        assertThat(build.modified().isPresent()).isEqualTo(build.commit().isPresent());
        assertThat(Json.of(build)).contains("\"memcached\" : \"1.6.45\"", "\"netty\" : \"4.2.");
    }
}
