package io.memroute.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether processes run that are not ours. */
class OtherProcessTest {

    /** More than Linux gives. */
    private static final long NOBODY = 4_194_305;

    private static boolean runs(long process) {
        try {
            return OtherProcess.runs(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tellsProcessesThatRunFromThoseThatDoNot() {
        assertThat(runs(ProcessHandle.current().pid())).isTrue();
        assertThat(runs(1)).isTrue();
        assertThat(runs(NOBODY)).isFalse();
    }

    /** Its parent never asks. */
    @Test
    void aDeadProcessDoesNotRunEvenIfItsParentHasNotAskedHowItDied() {
        try (ChildProcess parent =
                ChildProcess.start(List.of("sh", "-c", "true & echo \"child $!.\"; exec sleep 600"), Map.of())) {
            parent.awaitOutput(".");
            long child = Long.parseLong(parent.output().replaceAll("[^0-9]", ""));
            Deadline.await("the end of process " + child, () -> !runs(child));
            assertThat(runs(parent.pid())).isTrue();
        }
    }
}
