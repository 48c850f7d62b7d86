package io.memroute.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

    @Test
    void namesThePackageThatBringsAMissingProgram() {
        assertThatThrownBy(() -> ChildProcess.require("no-such-program", "its-package"))
                .hasMessageContaining("no-such-program").hasMessageEndingWith("apt-get install -y its-package");
    }

    @Test
    void deliversSignalsAndReportsTheExitStatus() {
        try (ChildProcess child = ChildProcess.start(
                List.of("sh", "-c", "trap 'echo got it; exit 7' HUP; echo ready; while :; do :; done"), Map.of())) {
            child.awaitOutput("ready\n");
            child.signal("HUP");
            child.awaitOutput("got it\n");
            assertThat(child.awaitExit()).isEqualTo(7);
        }
    }

    @Test
    void saysWhatAProgramPrintedInsteadOfWhatWasExpected() {
        try (ChildProcess child = ChildProcess.start(List.of("sh", "-c", "echo wrong >&2"), Map.of())) {
            assertThatThrownBy(() -> child.awaitOutput("right")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("without printing \"right\"").hasMessageContaining("wrong");
        }
    }
}
