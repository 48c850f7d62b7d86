package io.memroute.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundProgramTest {

    @TempDir
    private Path directory;

    @Test
    void aProgramThatHasBeenReplacedIsStartedByItsName() throws IOException {
        String java = Files.createFile(directory.resolve("java")).toString();
        assertThat(Background.program(java)).isEqualTo(java);
        assertThat(Background.program(java + " (deleted)")).isEqualTo(java);
    }

    @Test
    void aFileMayHaveSuchAName() throws IOException {
        String odd = Files.createFile(directory.resolve("java (deleted)")).toString();
        assertThat(Background.program(odd)).isEqualTo(odd);
    }
}
