package io.memroute.proxy.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpSourceTest {

    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (status != 200) {
                exchange.getResponseHeaders().set("Retry-After", "17");
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void asksForAListOfTargets() throws Exception {
        body = "[ {\"targets\": [\"10.0.0.1:11211\", \"mc-1.test\"], \"labels\": {}} ]";
        try (HttpSource source = source()) {
            assertThat(source.ask().servers())
                    .containsExactly(FoundServer.of("10.0.0.1", 11211), FoundServer.of("mc-1.test", 11211));
        }
    }

    @Test
    void saysWhatIsWrongWithAnAnswer() throws Exception {
        refuse(500, "[]", "answered with HTTP status 500");
        refuse(200, "<html>", "expected a list of { \"targets\": [ ... ] }");
        refuse(200, "[ {\"targets\": [\"" + "x".repeat(5 << 20) + "\"]} ]", "answered with more than 4 MiB");
        server.stop(0);
        refuse(200, "", "cannot connect");
        assertThatThrownBy(() -> HttpSource.of("ftp://a/b", Duration.ofSeconds(1)))
                .hasMessage("expected http+http://HOST/PATH or http+https://HOST/PATH");
    }

    @Test
    void honoursThePauseThatTheServerAsksFor() throws Exception {
        status = 503;
        try (HttpSource source = source()) {
            assertThatExceptionOfType(SourceException.class)
                    .isThrownBy(source::ask)
                    .satisfies(refusal -> assertThat(refusal.pause()).hasSeconds(17));
        }
    }

    @Test
    void anAnswerThatDoesNotEndIsGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("[ {\"targets\": ".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/slow";
        try (HttpSource source = HttpSource.of(address, Duration.ofSeconds(30), Duration.ofMillis(300))) {
            assertThatThrownBy(source::ask).isInstanceOf(SourceException.class).hasMessage("did not answer in time");
        } finally {
            over.countDown();
        }
    }

    private void refuse(int itsStatus, String itsBody, String message) throws SourceException {
        status = itsStatus;
        body = itsBody;
        try (HttpSource source = source()) {
            assertThatThrownBy(source::ask).isInstanceOf(SourceException.class).hasMessage(message);
        }
    }

    private HttpSource source() throws SourceException {
        return HttpSource.of("http://127.0.0.1:" + server.getAddress().getPort() + "/sd", Duration.ofSeconds(30));
    }
}
