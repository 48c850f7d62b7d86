package io.memroute.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.options.ExitStatus;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReloadCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int reload(String... words) {
        return new CommandLine(new ReloadCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    /** A shell that ends with status 7 when it gets the signal. */
    private static Process listening() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "trap 'exit 7' HUP; echo ready; while :; do read line; done").start();
        BufferedReader output = shell.inputReader();
        assertThat(output.readLine()).isEqualTo("ready");
        return shell;
    }

    @Test
    void signalsTheProcess() throws Exception {
        Process shell = listening();

        assertThat(reload(Long.toString(shell.pid()))).isEqualTo(ExitStatus.OK);

        assertThat(shell.waitFor()).isEqualTo(7);
        assertThat(out.toString()).isEqualToIgnoringNewLines(
                "asked process " + shell.pid() + " to reload; its log says how it went");
    }

    @Test
    void findsTheProcessInThePidFile() throws Exception {
        Process shell = listening();
        Path file = Files.writeString(directory.resolve("memroute.pid"), shell.pid() + "\n");

        assertThat(reload("--pid-file", file.toString())).isEqualTo(ExitStatus.OK);

        assertThat(shell.waitFor()).isEqualTo(7);
    }

    @Test
    void saysThatNoSuchProcessRuns() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(reload(Long.toString(ended.pid()))).isEqualTo(ExitStatus.FAILURE);

        assertThat(err.toString()).isEqualToIgnoringNewLines("memroute reload: no process " + ended.pid() + " is running");
    }

    @Test
    void saysWhatAPidFileShouldHold() throws Exception {
        Path file = Files.writeString(directory.resolve("empty.pid"), "\n");

        assertThat(reload("--pid-file", file.toString())).isEqualTo(ExitStatus.FAILURE);
        assertThat(reload("--pid-file", directory.resolve("missing").toString())).isEqualTo(ExitStatus.FAILURE);

        assertThat(err.toString()).contains(file + ": expected a file with the process id of a server, as -P writes it");
    }

    @Test
    void asksWhichServer() {
        assertThat(reload()).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString()).startsWith("which server? expected PID or --pid-file FILE");
    }
}
