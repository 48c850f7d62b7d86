package io.memroute.proxy.client.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptPauseTest {

    private static final IOException TOO_MANY_FILES = new IOException("Too many open files");

    private static final int CONNECTIONS = 10;

    private final AcceptPause pause = new AcceptPause(CONNECTIONS);
    private final EmbeddedChannel listening = new EmbeddedChannel(pause, new ChannelInboundHandlerAdapter() {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            throw new AssertionError("nobody else needs to know", cause);
        }
    });

    AcceptPauseTest() {
        listening.freezeTime();
        AcceptHold.OWNER.end(listening);
    }

    @Test
    void acceptsNobodyForATenthOfASecond() {
        listening.pipeline().fireExceptionCaught(TOO_MANY_FILES);
        assertThat(listening.config().isAutoRead()).isFalse();
        pass(99);
        assertThat(listening.config().isAutoRead()).isFalse();
        pass(1);
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    @Test
    void countsPausesAndNotFailures() {
        for (int i = 0; i < 5; i++) {
            listening.pipeline().fireExceptionCaught(TOO_MANY_FILES);
        }
        assertThat(pause.pauses()).isEqualTo(1);
        pass(100);
        listening.pipeline().fireExceptionCaught(TOO_MANY_FILES);
        assertThat(pause.pauses()).isEqualTo(2);
    }

    @Test
    void passesOnWhoIsAccepted() {
        listening.pipeline().fireExceptionCaught(TOO_MANY_FILES);
        Channel client = new EmbeddedChannel();
        listening.writeInbound(client);
        assertThat(listening.<Object>readInbound()).isSameAs(client);
    }

    /** Those who are accepted and not yet refused or served are bounded, too. */
    @Test
    void waitsForWorkersThatDoNotKeepUp() {
        List<Channel> clients = new ArrayList<>();
        while (clients.size() < CONNECTIONS + 1024) {
            assertThat(listening.config().isAutoRead()).isTrue();
            clients.add(new EmbeddedChannel());
            listening.writeInbound(clients.getLast());
        }
        assertThat(listening.config().isAutoRead()).isFalse();
        pass(10_000);
        assertThat(listening.config().isAutoRead()).isFalse();
        clients.getLast().close();
        pass(1);
        assertThat(listening.config().isAutoRead()).isTrue();
        assertThat(pause.pauses()).as("for lack of resources").isZero();
    }

    @Test
    void itsEndDoesNotEndThatOfTheOwner() {
        listening.pipeline().fireExceptionCaught(TOO_MANY_FILES);
        AcceptHold.OWNER.begin(listening);
        pass(10_000);
        assertThat(listening.config().isAutoRead()).isFalse();
        AcceptHold.OWNER.end(listening);
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    @Test
    void theOwnersEndDoesNotEndIt() {
        AcceptHold.OWNER.begin(listening);
        listening.pipeline().fireExceptionCaught(TOO_MANY_FILES);
        AcceptHold.OWNER.end(listening);
        assertThat(listening.config().isAutoRead()).isFalse();
        pass(100);
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    private void pass(long millis) {
        listening.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
    }
}
