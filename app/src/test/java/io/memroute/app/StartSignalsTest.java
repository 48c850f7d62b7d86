package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals that come while a server starts. */
@Timeout(120)
class StartSignalsTest {

    @TempDir
    Path directory;

    /** Tells of its loads in a file, and takes a moment for each. */
    private Path configuration(String takingTime) throws Exception {
        return Files.writeString(directory.resolve("routes.lua"), """
                local f = io.open("%s/loads", "a") f:write("x") f:close()
                %s
                routes{ default = route_null{} }
                """.formatted(directory, takingTime));
    }

    private long loads() {
        return directory.resolve("loads").toFile().length();
    }

    /** As the scripts start it: until its handlers are there it ignores SIGHUP. */
    private static ChildProcess start(Path configuration, String... more) {
        List<String> words =
                new ArrayList<>(List.of("run", configuration.toString(), "-p", "-1", "-l", "127.0.0.1", "-v"));
        words.addAll(List.of(more));
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
        command.addAll(ProgramUnderTest.command(words));
        return ChildProcess.start(command, Map.of());
    }

    @Test
    void reloadsOnceForAllSighupsOfTheStart() throws Exception {
        try (ChildProcess server = start(configuration("for i = 1, 5e7 do end"))) {
            Deadline.await("the start", Deadline.OF_START, () -> {
                server.signal("HUP");
                assertThat(server.isAlive()).as(server::output).isTrue();
                return server.output().contains("listening on");
            });
            server.awaitOutput("configuration reloaded");
            assertThat(server.output())
                    .contains("SIGHUP during startup; reloading as soon as the configuration is in force");
            assertThat(server.isAlive()).isTrue();
            // The start's, the one for the signals of the start, and those for signals that came while it went on.
            assertThat(loads()).isBetween(2L, 5L);
        }
    }

    @Test
    void endsCleanlyWhenStoppedDuringTheStart() throws Exception {
        try (ChildProcess server = start(configuration("while true do end"), "-o", "lua_load_time=1000")) {
            Deadline.await("the first load", Deadline.OF_START, () -> loads() > 0);
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
        }
    }
}
