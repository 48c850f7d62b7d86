package io.memroute.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code -P} and {@code MEMCACHED_PORT_FILENAME} beside what has their names already. */
class AnnouncementTest {

    private static final List<SocketAddress> ADDRESSES = List.of(new InetSocketAddress("127.0.0.1", 11211));

    @TempDir
    private Path directory;

    private Path path() {
        return directory.resolve("memroute.pid");
    }

    private void assertRefused(String kind) throws IOException {
        String message =
                "cannot write the " + kind + " " + path() + ": a file of that name exists and is not a " + kind;
        if (kind.equals("pid file")) {
            assertThatThrownBy(() -> new PidFile(path()).prepare())
                    .isInstanceOf(IOException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> new PidFile(path()).write())
                    .isInstanceOf(IOException.class)
                    .hasMessage(message);
        } else {
            assertThatThrownBy(() -> new PortNumberFile(path()).prepare())
                    .isInstanceOf(IOException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> new PortNumberFile(path()).write(ADDRESSES))
                    .isInstanceOf(IOException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void leavesOtherFilesAlone() throws IOException {
        for (String kind : List.of("pid file", "port file")) {
            Files.writeString(path(), "pools{}");
            assertRefused(kind);
            assertThat(path()).hasContent("pools{}");
            Files.writeString(path(), "1 ".repeat(3000));
            assertRefused(kind);
        }
    }

    @Test
    void leavesDirectoriesPipesAndLinksAlone() throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "1234\n");
        Files.createSymbolicLink(path(), precious);
        assertRefused("pid file");
        assertThat(precious).hasContent("1234\n");
        Files.delete(path());
        Files.createDirectory(path());
        assertRefused("port file");
        Files.delete(path());
        assertThat(new ProcessBuilder("mkfifo", path().toString()).start().waitFor())
                .isZero();
        assertRefused("pid file");
    }

    @Test
    void writesThroughNoLinkThatSomebodyHasPutInItsWay() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "pools{}");
        Path guessed =
                directory.resolve(".memroute.pid." + ProcessHandle.current().pid());
        Files.createSymbolicLink(guessed, precious);
        PidFile file = new PidFile(path());
        file.prepare();
        file.write();
        assertThat(precious).hasContent("pools{}");
        assertThat(path()).hasContent(ProcessHandle.current().pid() + "\n").isRegularFile();
        assertThat(guessed).doesNotExist();
    }

    @Test
    void saysAtOnceThatADirectoryIsMissing() {
        assertThatThrownBy(() -> new PidFile(directory.resolve("no/such/pid")).prepare())
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write the pid file " + directory + "/no/such/pid: no such file or directory");
    }

    @Test
    void leavesNothingBehindWhenOnlyPrepared() throws IOException {
        new PidFile(path()).prepare();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void takesThePlaceOfAnEarlierOneOfItsKind() throws IOException {
        new PortNumberFile(path()).write(ADDRESSES);
        new PortNumberFile(path()).write(ADDRESSES);
        assertThat(path()).hasContent("TCP INET: 11211\n");
        // As mktemp makes it for a harness.
        Files.writeString(path(), "");
        new PortNumberFile(path()).write(ADDRESSES);
        assertThat(path()).hasContent("TCP INET: 11211\n");
    }
}
