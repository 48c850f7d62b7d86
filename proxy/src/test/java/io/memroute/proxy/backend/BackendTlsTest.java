package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.TlsOptions;
import io.memroute.testkit.TestCertificate;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS to a backend, over real sockets; the backend answers every line with the next of a fixed list. */
class BackendTlsTest {

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static TestCertificate another;
    private static MultiThreadIoEventLoopGroup loops;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @BeforeAll
    static void makeCertificates() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        certificate = TestCertificate.make(directory, "backend", "IP:127.0.0.1,DNS:cache.example");
        another = TestCertificate.make(directory, "another", "IP:127.0.0.2");
    }

    @AfterAll
    static void stopLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static ServerSocket listen(TestCertificate shown, String... replies) throws Exception {
        ServerSocket server = shown.serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                    for (String reply : replies) {
                        if (lines.readLine() == null) {
                            break;
                        }
                        socket.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
                    }
                    lines.readLine();
                } catch (IOException e) {
                    // A client that does not trust us hangs up; the next one is waited for.
                }
            }
        });
        return server;
    }

    private static TlsOptions trusting(TestCertificate authority, String name) {
        return new TlsOptions(true, true, name, "authority.pem", List.of(authority.certificate()), Optional.empty());
    }

    private BackendConnection connect(ServerSocket server, TlsOptions tls) {
        BackendSpec spec = BackendSpec.builder("127.0.0.1", server.getLocalPort())
                .tls(tls)
                .failureLimit(0)
                .build();
        SingleThreadEventLoop loop = (SingleThreadEventLoop) loops.next();
        return TestedBackend.connection(spec, loop, NioSocketChannel.class, TestedBackend.record(events));
    }

    private void talks(TestCertificate shown, TlsOptions tls) throws Exception {
        try (ServerSocket server = listen(shown, "VERSION 1.6.45\r\n", "HD\r\n")) {
            BackendConnection connection = connect(server, tls);
            BlockingQueue<String> answers = new LinkedBlockingQueue<>();
            RecordedCall call = RecordedCall.of("md a\r\n");
            loops.next().submit(() -> {
                connection.open();
                connection.send(new ForwardedCall(call, answers));
            });

            assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("HD\r\n");
            assertThat(events).isEmpty();
            loops.next().submit(connection::close).sync();
        }
    }

    private void refuses(TestCertificate shown, TlsOptions tls) throws Exception {
        try (ServerSocket server = listen(shown, "VERSION 1.6.45\r\n")) {
            BackendConnection connection = connect(server, tls);
            loops.next().submit(connection::open);

            assertThat(List.of(events.poll(10, TimeUnit.SECONDS), events.poll(10, TimeUnit.SECONDS)))
                    .containsExactly("badtls", "markedbad");
            loops.next().submit(connection::close).sync();
        }
    }

    @Test
    void talksToABackendWhoseCertificateIsTrusted() throws Exception {
        talks(certificate, trusting(certificate, ""));
    }

    @Test
    void refusesABackendWhoseCertificateTheJvmDoesNotTrust() throws Exception {
        refuses(certificate, TlsOptions.OFF.enabled(true));
    }

    @Test
    void refusesABackendWhoseCertificateOnlyOthersVouchFor() throws Exception {
        refuses(certificate, trusting(another, ""));
    }

    @Test
    void refusesATrustedCertificateForAnotherHost() throws Exception {
        refuses(another, trusting(another, ""));
    }

    @Test
    void expectsTheNameThatIsGivenInPlaceOfTheHosts() throws Exception {
        talks(certificate, trusting(certificate, "cache.example"));
        refuses(certificate, trusting(certificate, "other.example"));
    }

    @Test
    void takesAnyCertificateWhenVerificationIsOff() throws Exception {
        talks(another, new TlsOptions(true, false, "", "", List.of(), Optional.empty()));
    }

    /** Reports the first answer to another thread. */
    private static final class ForwardedCall extends Call {
        private final RecordedCall inner;
        private final BlockingQueue<String> answers;

        ForwardedCall(RecordedCall inner, BlockingQueue<String> answers) {
            this.inner = inner;
            this.answers = answers;
        }

        @Override
        public io.memroute.protocol.Request request() {
            return inner.request();
        }

        @Override
        public io.netty.buffer.ByteBuf value() {
            return null;
        }

        @Override
        public RequestHolder holder() {
            return inner;
        }

        @Override
        public void replied(Reply reply) {
            inner.replied(reply);
            answers.addAll(inner.answers());
        }
    }
}
