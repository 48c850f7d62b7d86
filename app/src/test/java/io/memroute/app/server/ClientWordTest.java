package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.process.UnixSocket.Message;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words with which clients come from another process. */
class ClientWordTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client",
                "server - - - -",
                "client ! - - -",
                "client - localhost 1 -",
                "client - 127.0.0.1 x -",
                "client - - - !"
            })
    void closesWhatComesWithAWordThatIsNone(String text) throws IOException {
        Epoll.ensureAvailability();
        // It stands for a client: this one can be recognized among all descriptors of this JVM.
        Path file = Files.createFile(directory.resolve("client"));
        int descriptor = FileDescriptor.from(file.toFile()).intValue();
        assertThat(leadsTo(file, descriptor)).isTrue();
        assertThatThrownBy(() -> ClientWord.read(new Message(text, List.of(descriptor))))
                .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
        assertThat(leadsTo(file, descriptor)).isFalse();
    }

    private static boolean leadsTo(Path file, int descriptor) throws IOException {
        Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
        return Files.exists(link) && Files.isSameFile(link, file);
    }
}
