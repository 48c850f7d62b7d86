package io.memroute.app.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.options.ExitStatus;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients and answers that would keep an admin listener from answering others. */
class AdminListenerLimitsTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final AdminReply DONE = new AdminReply(0, true, "done\n");

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger hanging = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        end.countDown();
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private AdminListener start(AdminLimits limits) throws IOException {
        AdminListener listener = AdminListener.start(
                AdminAddress.parse("0"),
                () -> AdminPages.of(Stream.concat(
                                CommandPages.of(List.of("hang", "large", "show"), this::answer).stream(),
                                Stream.of(new AdminPages.Page(
                                        "/quick", Cost.LOW, request -> AdminResponse.text(OK, "quick\n"))))
                        .toList()),
                limits);
        open.add(listener);
        return listener;
    }

    private AdminReply answer(List<String> words) {
        return switch (words.getFirst()) {
            case "hang" -> hang();
            case "large" -> new AdminReply(0, true, "x".repeat(16 << 20));
            default -> DONE;
        };
    }

    /** As in a system call that no interrupt reaches. */
    private AdminReply hang() {
        hanging.incrementAndGet();
        boolean interrupted = false;
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return new AdminReply(interrupted ? 1 : 0, true, "late\n");
    }

    private static String get(String uri) {
        return "GET " + uri + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private String answerTo(AdminListener listener, String request) {
        RawClient client = connect(listener.address());
        client.send(request);
        return new String(client.readToEnd(), UTF_8);
    }

    private RawClient connect(SocketAddress address) {
        RawClient client = RawClient.connect(address);
        open.add(client);
        return client;
    }

    @Test
    void givesUpAnAnswerThatTakesTooLongAndAnswersOthers() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, SOON, NEVER, 32));
        for (int i = 0; i < 5; i++) {
            assertThat(AdminClient.ask(AdminTarget.plain(listener.address()), List.of("hang"))
                            .text())
                    .isEqualTo("no answer within 0 s\n");
            assertThat(AdminClient.ask(AdminTarget.plain(listener.address()), List.of("show")))
                    .isEqualTo(DONE);
        }
    }

    @Test
    void beginsNothingMoreOnceTooManyAnswersHang() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, SOON, NEVER, 32));
        String last = "";
        for (int i = 0; i < 9; i++) {
            last = AdminClient.ask(AdminTarget.plain(listener.address()), List.of("hang"))
                    .text();
        }
        assertThat(last).startsWith("6 earlier questions took too long and have not ended");
    }

    @Test
    void closesAConnectionThatAsksNothing() throws Exception {
        AdminListener listener = start(new AdminLimits(SOON, NEVER, NEVER, 32));
        connect(listener.address()).expectClosed();
        RawClient half = connect(listener.address());
        half.send("GET /quick HTTP/1.1\r\nHost: loc");
        half.expectClosed();
    }

    @Test
    void closesAConnectionThatDoesNotTakeItsAnswer() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, SOON, 1));
        try (RawClient slow = RawClient.connectSlowReader(listener.address(), 4096)) {
            slow.send(get("/api/large"));
            // The only place is taken until then.
            AtomicInteger status = new AtomicInteger(-1);
            Deadline.await("the place of the slow client", () -> {
                try {
                    status.set(AdminClient.ask(AdminTarget.plain(listener.address()), List.of("show"))
                            .status());
                } catch (IOException e) {
                    return false;
                }
                return status.get() == 0;
            });
        }
    }

    @Test
    void closesAConnectionThatStaysAfterItsAnswer() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, SOON, 1));
        try (RawClient client = connect(listener.address())) {
            client.send(get("/quick"));
            assertThat(new String(client.readToEnd(), UTF_8)).endsWith("\r\n\r\nquick\n");
        }
    }

    @Test
    void deliversTheAnswerToAClientThatHasSentMore() throws Exception {
        AdminListener listener = start(AdminLimits.USUAL);
        try (RawClient client = connect(listener.address())) {
            client.send(get("/quick") + get("/quick") + "more ".repeat(10_000));
            assertThat(new String(client.readToEnd(), UTF_8))
                    .endsWith("\r\n\r\nquick\n")
                    .containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void tellsOneRequestTooManySo() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, NEVER, 2));
        connect(listener.address()).send(get("/api/hang"));
        connect(listener.address()).send(get("/api/hang"));
        Deadline.await("two requests", () -> hanging.get() == 2);
        AdminReply reply = AdminClient.ask(AdminTarget.plain(listener.address()), List.of("show"));
        assertThat(reply.status()).isEqualTo(ExitStatus.FAILURE);
        assertThat(reply.text()).isEqualTo("the admin listener has 2 requests already; try again\n");
    }

    @Test
    void aConnectionThatKeepsItWaitingMakesRoomForAnother() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, NEVER, 2));
        RawClient first = connect(listener.address());
        first.send("GET /quick HTTP/1.1\r\nHost: loc");
        RawClient second = connect(listener.address());
        second.send(get("/quick"));
        second.readUntil("quick\n");

        assertThat(answerTo(listener, get("/quick"))).endsWith("quick\n");
        first.expectClosed();
        for (int i = 0; i < 10; i++) {
            connect(listener.address());
            assertThat(answerTo(listener, get("/quick"))).endsWith("quick\n");
        }
    }

    @Test
    void refusesARequestThatIsTooLong() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, NEVER, 8));
        assertThat(answerTo(listener, "GET /" + "x".repeat(17 << 10)))
                .startsWith("HTTP/1.1 414 ")
                .endsWith("\r\n\r\na request line has at most 16384 bytes\n");
        assertThat(answerTo(listener, "GET /quick HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n".repeat(5000)))
                .startsWith("HTTP/1.1 431 ")
                .endsWith("\r\n\r\nheaders have at most 16384 bytes\n");
        assertThat(answerTo(listener, get("/quick?" + "a=b&".repeat(1000)))).endsWith("quick\n");
    }

    @Test
    void closesAConnectionThatSendsOnAndOn() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, NEVER, 1));
        try (RawClient client = connect(listener.address())) {
            client.send(get("/quick"));
            byte[] more = new byte[64 << 10];
            Deadline.await("the end of the connection", () -> !client.sendUnlessClosed(more));
        }
    }

    @Test
    void answersWhatIsQuickWhileEverythingElseHangs() throws Exception {
        AdminListener listener = start(new AdminLimits(NEVER, NEVER, NEVER, 32));
        for (int i = 0; i < 10; i++) {
            connect(listener.address()).send(get("/api/hang"));
        }
        assertThat(answerTo(listener, get("/quick"))).endsWith("quick\n");
    }

    @Test
    void servesAgainAfterTenThousandConnectionsAtOnce() throws Exception {
        AdminListener listener = start(AdminLimits.USUAL);
        for (int i = 0; i < 10_000; i++) {
            try (RawClient client = RawClient.connect(listener.address())) {
                if (i % 3 == 0) {
                    client.send("GET /qui");
                } else if (i % 3 == 1) {
                    client.send(get("/quick"));
                    client.reset();
                }
            }
        }
        Deadline.await("an answer", () -> {
            try (RawClient client = RawClient.connect(listener.address())) {
                client.send(get("/quick"));
                return new String(client.readToEnd(), UTF_8).endsWith("quick\n");
            }
        });
    }

    @Test
    void aClientGivesUpAListenerThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertThatThrownBy(() ->
                            AdminClient.ask(AdminTarget.plain(silent.getLocalSocketAddress()), List.of("show"), SOON))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no answer within 0 s");
        }
    }
}
