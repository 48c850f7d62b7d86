package io.memroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.tls.HandshakeThreads;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTrustTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final byte[] OK = "OK\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    /** A client may send thousands at once, and handshakes wait for the same threads. */
    @Test
    void commandsThatComeBeforeARefreshBeginsShareIt() throws Exception {
        TestCertificate shown = TestCertificate.make(directory, "shown", "IP:127.0.0.1");
        ServerTrust trust = ServerTrust.open(ServerOptions.builder()
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .tls(TlsSettings.of(shown.certificateFile(), shown.keyFile()))
                .build());
        CountDownLatch threadsAreFree = new CountDownLatch(1);
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            HandshakeThreads.executor().execute(() -> awaitUninterruptibly(threadsAreFree));
        }
        CompletableFuture<byte[]> first = trust.refreshCertificates();
        assertThat(trust.refreshCertificates()).isSameAs(first);
        threadsAreFree.countDown();
        assertThat(first).succeedsWithin(DEADLINE).isEqualTo(OK);

        CompletableFuture<byte[]> later = trust.refreshCertificates();
        assertThat(later).isNotSameAs(first).succeedsWithin(DEADLINE).isEqualTo(OK);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
