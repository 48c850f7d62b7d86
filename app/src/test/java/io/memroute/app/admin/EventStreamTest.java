package io.memroute.app.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.options.AdminAddress;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers of events: too many of them, slow ones, and ones that go. */
@Timeout(120)
class EventStreamTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final AtomicInteger ended = new AtomicInteger();
    private AdminListener listener;

    @BeforeEach
    void start() throws Exception {
        AdminPages pages = AdminPages.of(List.of(
                new Page("/quick", Cost.LOW, request -> AdminResponse.text(OK, "quick\n")),
                new Page(
                        "/events",
                        Cost.LOW,
                        request -> AdminResponse.events(Cost.LOW, stream -> stream.send("hello", "a\nb"))),
                new Page("/flood", Cost.LOW, request -> AdminResponse.events(Cost.LOW, this::flood))));
        listener =
                AdminListener.start(AdminAddress.parse("0"), () -> pages, new AdminLimits(NEVER, NEVER, NEVER, 8, 2));
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private void flood(EventStream stream) {
        String large = "x".repeat(256 << 10);
        while (stream.isOpen()) {
            stream.send("large", large);
        }
        ended.incrementAndGet();
    }

    private RawClient ask(String uri) {
        RawClient client = RawClient.connect(listener.address());
        client.send("GET " + uri + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client;
    }

    private String answer(String uri) {
        try (RawClient client = ask(uri)) {
            return new String(client.readToEnd(), UTF_8);
        }
    }

    @Test
    void sendsEventsWithoutALengthAndWithoutAnEnd() {
        try (RawClient client = ask("/events")) {
            assertThat(client.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("content-type: text/event-stream\r\n")
                    .containsIgnoringCase("cache-control: no-store\r\n")
                    .doesNotContainIgnoringCase("content-length");
            client.expect("event: hello\ndata: a\ndata: b\n\n");
        }
    }

    @Test
    void hasRoomForSomeAndThatOfOthersStaysTheirs() {
        try (RawClient first = ask("/events");
                RawClient second = ask("/events")) {
            first.readUntil("data: b\n\n");
            second.readUntil("data: b\n\n");
            assertThat(answer("/events")).startsWith("HTTP/1.1 503 ").endsWith("2 consoles are open already\n");
            for (int i = 0; i < 20; i++) {
                assertThat(answer("/quick")).endsWith("quick\n");
            }
        }
        Deadline.await("room again", () -> {
            try (RawClient third = ask("/events")) {
                return third.readLine().startsWith("HTTP/1.1 200 ");
            }
        });
    }

    @Test
    void dropsAReaderThatDoesNotRead() {
        try (RawClient slow = RawClient.connectSlowReader(listener.address(), 4096)) {
            slow.send("GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Deadline.await("the reader to be dropped", () -> ended.get() == 1);
            assertThat(answer("/quick")).endsWith("quick\n");
        }
    }

    @Test
    void endsWithTheListener() {
        try (RawClient client = ask("/events")) {
            client.readUntil("data: b\n\n");
            listener.close();
            client.expectClosed();
        }
    }
}
