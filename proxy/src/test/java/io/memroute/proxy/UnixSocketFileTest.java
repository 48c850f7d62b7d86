package io.memroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server does to the file of its UNIX socket, and to what has its name already. */
class UnixSocketFileTest {

    private static final String TAKEN = ": another process listens there";

    @TempDir
    private Path directory;

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    private Path path() {
        return directory.resolve("memroute.sock");
    }

    private ProxyServer start(Transport transport) throws Exception {
        return ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .transport(transport)
                .listener(ListenerSpec.unix(path().toString()))
                .build());
    }

    private static void assertServes(Path path) {
        try (RawClient client = RawClient.connect(path)) {
            client.send("mn\r\n");
            client.expect("MN\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void leavesAFileOfAnotherKindAlone(Transport transport) throws Exception {
        Files.writeString(path(), "pools{}");
        assertThatThrownBy(() -> start(transport))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on " + path() + ": a file of that name exists and is not a socket");
        assertThat(path()).hasContent("pools{}");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void leavesALinkAndWhatItLeadsToAlone(Transport transport) throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "pools{}");
        Files.createSymbolicLink(path(), precious);
        assertThatThrownBy(() -> start(transport))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a socket");
        assertThat(precious).hasContent("pools{}");
        assertThat(path()).isSymbolicLink();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void refusesAPathThatAnotherProcessListensOn(Transport transport) throws Exception {
        try (ProxyServer first = start(transport)) {
            assertThatThrownBy(() -> start(transport))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on " + path() + TAKEN);
            assertServes(path());
        }
        assertThat(path()).doesNotExist();
    }

    @Test
    void refusesAPathWhoseListenerHangs() throws Exception {
        try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hanging.bind(UnixDomainSocketAddress.of(path()), 1);
            List<SocketChannel> queue = fillQueue();
            assertThatThrownBy(() -> start(Transport.AUTO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "cannot listen on " + path() + ": cannot tell whether another process listens there: ");
            for (SocketChannel waiting : queue) {
                waiting.close();
            }
        }
    }

    /** Connects until nothing more fits. */
    private List<SocketChannel> fillQueue() throws IOException {
        List<SocketChannel> queue = new ArrayList<>();
        while (true) {
            SocketChannel waiting = SocketChannel.open(StandardProtocolFamily.UNIX);
            queue.add(waiting);
            waiting.configureBlocking(false);
            try {
                waiting.connect(UnixDomainSocketAddress.of(path()));
            } catch (SocketException e) {
                return queue;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void takesThePlaceOfASocketThatNobodyListensOn(Transport transport) throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path()));
        }
        assertThat(Files.exists(path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        try (ProxyServer server = start(transport)) {
            assertServes(path());
        }
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void leavesTheSocketOfAnotherAloneThatHasTakenItsPlace(Transport transport) throws Exception {
        if (transport == Transport.NIO) {
            // NIO's channel removes what has its name, see UnixSocketFile.
            return;
        }
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (ProxyServer server = start(transport)) {
                Files.delete(path());
                other.bind(UnixDomainSocketAddress.of(path()));
            }
            assertThat(Files.exists(path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
            SocketChannel.open(UnixDomainSocketAddress.of(path())).close();
        }
    }

    @Test
    void isMadeWithNoMorePermissionsThanItsMode() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            List<String> atOnce = new ArrayList<>();
            UnixSocketFile file = UnixSocketFile.bind(path(), 0700, () -> {
                channel.bind(UnixDomainSocketAddress.of(path()));
                atOnce.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
            });
            assertThat(atOnce).containsExactly("rwx------");
            file.remove();
            assertThat(path()).doesNotExist();
        }
        assertThat(Files.getPosixFilePermissions(Files.createFile(directory.resolve("later"))))
                .as("the mask is as before")
                .isNotEqualTo(PosixFilePermissions.fromString("---------"));
    }
}
