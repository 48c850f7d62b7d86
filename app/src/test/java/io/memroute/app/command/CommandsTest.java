package io.memroute.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.explain.render.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
