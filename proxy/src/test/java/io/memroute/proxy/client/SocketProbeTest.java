package io.memroute.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.ScriptedBackend;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets that no transport knows of. */
class SocketProbeTest {

    private final SocketProbe probe = SocketProbe.ofSystem(4);
    private ScriptedBackend peer;
    private ScriptedBackend.Connection peersEnd;
    private Socket socket;

    @BeforeEach
    void connect() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "Linux's poll is asked, and Netty's sockets of Linux are used");
        peer = ScriptedBackend.startMute();
        socket = Socket.newSocketStream();
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), peer.port()));
        peersEnd = peer.accept();
    }

    @AfterEach
    void close() throws Exception {
        if (socket != null) {
            socket.close();
            peer.close();
        }
    }

    @Test
    void knowsNothingBadOfAConnectionThatStands() {
        ask();
        assertThat(probe.ended(2)).isFalse();
        assertThat(probe.saidLast(2)).isFalse();
    }

    @Test
    void seesAReset() {
        peersEnd.reset();
        Deadline.await("the reset", () -> {
            ask();
            return probe.ended(2);
        });
    }

    @Test
    void seesThatTheOtherSideSendsNoMore() {
        peersEnd.halfClose();
        Deadline.await("the end", () -> {
            ask();
            return probe.saidLast(2);
        });
        assertThat(probe.ended(2)).isFalse();
    }

    @Test
    void passesOverWhatHasNoDescriptor() {
        peersEnd.reset();
        probe.set(0, -1);
        probe.ask(1);
        assertThat(probe.ended(0)).isFalse();
    }

    private void ask() {
        probe.set(0, -1);
        probe.set(1, -1);
        probe.set(2, socket.intValue());
        probe.ask(3);
    }
}
