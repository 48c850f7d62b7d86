package io.memroute.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    private Path path;
    private PidFile file;

    @BeforeEach
    void nameIt() {
        path = directory.resolve("memroute.pid");
        file = new PidFile(path);
    }

    @Test
    void holdsTheProcessIdUntilItIsRemoved() throws IOException {
        file.write();
        assertThat(path).hasContent(SELF + "\n");
        assertThat(directory.toFile().list()).containsExactly("memroute.pid");
        file.remove();
        assertThat(path).doesNotExist();
    }

    @Test
    void takesThePlaceOfAnOldOne() throws IOException {
        Files.writeString(path, "1234567\n");
        file.write();
        assertThat(path).hasContent(SELF + "\n");
    }

    @Test
    void isLeftAloneOnceItBelongsToAnother() throws IOException {
        file.write();
        Files.writeString(path, "1\n");
        file.remove();
        assertThat(path).hasContent("1");
    }

    @Test
    void isGoneAlready() throws IOException {
        file.write();
        Files.delete(path);
        file.remove();
        assertThat(path).doesNotExist();
    }

    @Test
    void namesTheProcessOfAnExistingFileIfItRuns() throws IOException {
        assertThat(file.runningProcess()).isEmpty();
        Files.writeString(path, SELF + "\n");
        assertThat(file.runningProcess()).contains(SELF);
        // Above what any system gives to a process.
        Files.writeString(path, "999999999\n");
        assertThat(file.runningProcess()).isEmpty();
        Files.writeString(path, "not a number");
        assertThat(file.runningProcess()).isEmpty();
    }
}
