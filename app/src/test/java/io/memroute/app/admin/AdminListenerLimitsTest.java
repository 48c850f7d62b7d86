package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients and answers that would keep an admin listener from answering others. */
class AdminListenerLimitsTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final AdminReply DONE = new AdminReply(0, true, "done\n");

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        end.countDown();
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private AdminListener start(AdminListener.Limits limits) throws IOException {
        AdminListener listener = AdminListener.start(
                AdminAddress.parse("0"),
                words -> switch (words.getFirst()) {
                    case "hang" -> hang();
                    case "large" -> new AdminReply(0, true, "x".repeat(16 << 20));
                    default -> DONE;
                },
                limits);
        open.add(listener);
        return listener;
    }

    /** As in a system call that no interrupt reaches. */
    private AdminReply hang() {
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

    private RawClient connect(SocketAddress address) {
        RawClient client = RawClient.connect(address);
        open.add(client);
        return client;
    }

    @Test
    void givesUpAnAnswerThatTakesTooLongAndAnswersOthers() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(NEVER, SOON, NEVER, 32));
        for (int i = 0; i < 5; i++) {
            assertThat(AdminClient.ask(listener.address(), List.of("hang")).text())
                    .isEqualTo("no answer within 0 s\n");
            assertThat(AdminClient.ask(listener.address(), List.of("show"))).isEqualTo(DONE);
        }
    }

    @Test
    void beginsNothingMoreOnceTooManyAnswersHang() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(NEVER, SOON, NEVER, 32));
        String last = "";
        for (int i = 0; i < 9; i++) {
            last = AdminClient.ask(listener.address(), List.of("hang")).text();
        }
        assertThat(last).startsWith("6 earlier questions took too long and have not ended");
    }

    @Test
    void closesAConnectionThatAsksNothing() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(SOON, NEVER, NEVER, 32));
        connect(listener.address()).expectClosed();
        RawClient half = connect(listener.address());
        half.send("sho");
        half.expectClosed();
    }

    @Test
    void closesAConnectionThatDoesNotTakeItsAnswer() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(NEVER, NEVER, SOON, 1));
        try (RawClient slow = RawClient.connectSlowReader(listener.address(), 4096)) {
            slow.send("large\n");
            // The only place is taken until then.
            AtomicInteger status = new AtomicInteger(-1);
            Deadline.await("the place of the slow client", () -> {
                try {
                    status.set(
                            AdminClient.ask(listener.address(), List.of("show")).status());
                } catch (IOException e) {
                    return false;
                }
                return status.get() == 0;
            });
        }
    }

    @Test
    void closesAConnectionThatStaysAfterItsAnswer() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(NEVER, NEVER, SOON, 1));
        try (RawClient client = connect(listener.address())) {
            client.send("show\n");
            assertThat(new String(client.readToEnd(), UTF_8)).isEqualTo("answer 0 5\ndone\n");
        }
    }

    @Test
    void deliversTheAnswerToAClientThatHasSentMore() throws Exception {
        AdminListener listener = start(AdminListener.Limits.USUAL);
        try (RawClient client = connect(listener.address())) {
            client.send("show\n" + "more ".repeat(10_000));
            client.expect("answer 0 5\ndone\n");
        }
    }

    @Test
    void tellsOneConnectionTooManySo() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(NEVER, NEVER, NEVER, 2));
        connect(listener.address());
        connect(listener.address());
        AdminReply reply = AdminClient.ask(listener.address(), List.of("show"));
        assertThat(reply.status()).isEqualTo(ExitStatus.FAILURE);
        assertThat(reply.text()).isEqualTo("there are 2 connections to the admin listener already\n");
    }

    @Test
    void refusesALineWithoutAnEnd() throws Exception {
        AdminListener listener = start(new AdminListener.Limits(NEVER, NEVER, NEVER, 2));
        try (RawClient client = connect(listener.address())) {
            client.send("x".repeat(17 << 10));
            client.expect("error 64 31\na line has at most 16384 bytes\n");
        }
    }

    @Test
    void aClientGivesUpAListenerThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertThatThrownBy(() -> AdminClient.ask(silent.getLocalSocketAddress(), List.of("show"), SOON))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no answer within 0 s");
        }
    }
}
