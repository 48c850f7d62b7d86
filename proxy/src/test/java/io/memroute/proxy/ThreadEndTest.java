package io.memroute.proxy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server one of whose threads ends must not stay and reset whoever connects. */
@Timeout(60)
class ThreadEndTest {

    @Test
    void aServerEndsWithAWorker() throws Exception {
        try (ProxyServer server = start()) {
            end(server.workers().get(1).loop());
            assertThatThrownBy(server::awaitClose)
                    .isInstanceOf(ThreadEndedException.class)
                    .hasMessage("a worker ended unexpectedly; see the log");
        }
    }

    @Test
    void aServerEndsWithTheThreadThatAccepts() throws Exception {
        try (ProxyServer server = start()) {
            end(server.listeners().listening().iterator().next().eventLoop());
            assertThatThrownBy(server::awaitClose)
                    .isInstanceOf(ThreadEndedException.class)
                    .hasMessage("the accepting thread ended unexpectedly; see the log");
        }
    }

    @Test
    void aServerThatIsClosedHasNotFailed() throws Exception {
        ProxyServer server = start();
        server.close();
        server.awaitClose();
    }

    private static ProxyServer start() throws Exception {
        return ProxyServer.start(
                ServerOptions.builder()
                        .workers(2)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0))
                        .build(),
                Optional.empty());
    }

    private static void end(EventLoop loop) {
        loop.shutdownGracefully(0, 1, TimeUnit.MILLISECONDS);
    }
}
