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
                .hasMessageContaining("no-such-program")
                .hasMessageEndingWith("apt-get install -y its-package");
    }

    /**
     * Not SIGHUP: started under {@code nohup} it is ignored, and a shell cannot catch what was ignored when it began.
     */
    @Test
    void deliversSignalsAndReportsTheExitStatus() {
        try (ChildProcess child = ChildProcess.start(
                List.of("sh", "-c", "trap 'echo got it; exit 7' USR2; echo ready; while :; do :; done"), Map.of())) {
            child.awaitOutput("ready\n");
            child.signal("USR2");
            child.awaitOutput("got it\n");
            assertThat(child.awaitExit()).isEqualTo(7);
        }
    }

    @Test
    void saysWhatAProgramPrintedInsteadOfWhatWasExpected() {
        try (ChildProcess child = ChildProcess.start(List.of("sh", "-c", "echo wrong >&2"), Map.of())) {
            assertThatThrownBy(() -> child.awaitOutput("right"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("without printing \"right\"")
                    .hasMessageContaining("wrong");
        }
    }
}
