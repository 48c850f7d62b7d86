package io.memroute.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units in {@code ops/systemd}, as systemd's own checks see them. */
class UnitFileTest {

    private static final Path UNITS = Path.of("../ops/systemd").toAbsolutePath().normalize();

    /** An exposure of 2.0 of 10: what systemd calls OK. */
    private static final int MOST_EXPOSURE = 20;

    @TempDir
    private Path directory;

    private static ChildProcess analyze(String... words) {
        List<String> command = new ArrayList<>(
                List.of(ChildProcess.require("systemd-analyze", "systemd").toString()));
        command.addAll(List.of(words));
        return ChildProcess.start(command, Map.of());
    }

    @Test
    void theServiceIsHardened() {
        try (ChildProcess analyze = analyze(
                "security",
                "--offline=yes",
                "--no-pager",
                "--threshold=" + MOST_EXPOSURE,
                UNITS.resolve("memroute.service").toString())) {
            assertThat(analyze.awaitExit()).as(analyze::output).isZero();
        }
    }

    @Test
    void systemdUnderstandsEveryLine() throws IOException {
        // The program is where the package puts it, not here.
        String service = Files.readString(UNITS.resolve("memroute.service"))
                .replace("/usr/bin/memroute", "/bin/true")
                .replaceAll("Documentation=.*", "");
        Path unit = Files.writeString(directory.resolve("memroute.service"), service);
        Path socket = Files.copy(UNITS.resolve("memroute.socket"), directory.resolve("memroute.socket"));
        try (ChildProcess analyze = analyze("verify", unit.toString(), socket.toString())) {
            assertThat(analyze.awaitExit()).as(analyze::output).isZero();
            assertThat(analyze.output()).isEmpty();
        }
    }
}
