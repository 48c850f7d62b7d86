package io.memroute.proxy.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.route.ManualWorker;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.ReplyKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is counted of requests that end one after the other, alike or not. */
class OutcomesTest {

    private final ManualWorker worker = new ManualWorker();
    private final ClientCounters group = new ClientCounters();
    private final Outcomes outcomes = new Outcomes(worker.get(), group);

    private static Request request(String text) {
        ByteBuf line = Unpooled.copiedBuffer(text + "\r\n", US_ASCII);
        Request request = new Request();
        assertThat(new RequestParser().parse(line, 0, line.writerIndex(), request))
                .isEqualTo(RequestParser.COMPLETE);
        return request;
    }

    /** Ends as a client has a reply in this pass of the loop. */
    private boolean ended(String text, long arrivedNanos, ReplyType type) {
        return outcomes.ended(request(text), arrivedNanos, type);
    }

    private long count(Command command, ReplyKind kind) {
        return worker.get().requests().get(command, kind);
    }

    @Test
    void countsNeighboursThatAreAlikeAndThoseThatAreNot() {
        long now = worker.get().nanoTime();
        // The first request looks through the window of slow ones, and is counted at once.
        ended("get a", now, ReplyType.VALUE);
        assertThat(ended("get a", now, ReplyType.VALUE)).isTrue();
        assertThat(ended("get b", now, ReplyType.VALUE)).isFalse();
        assertThat(ended("get c", now, ReplyType.END)).isTrue();
        assertThat(ended("gets d", now, ReplyType.END)).isTrue();
        assertThat(ended("gets e", now - 1, ReplyType.END)).isTrue();
        ended("get f", now, ReplyType.VALUE);
        outcomes.publish();
        outcomes.publish();
        assertThat(count(Command.GET, ReplyKind.HIT)).isEqualTo(4);
        assertThat(count(Command.GET, ReplyKind.MISS)).isEqualTo(1);
        assertThat(count(Command.GETS, ReplyKind.MISS)).isEqualTo(2);
    }

    @Test
    void countsAnErrorForTheGroupAtOnce() {
        assertThat(ended("get a", worker.get().nanoTime(), ReplyType.SERVER_ERROR))
                .isFalse();
        assertThat(count(Command.GET, ReplyKind.ERROR)).isEqualTo(1);
        assertThat(group.get(ClientCounters.Count.ERRORS)).isEqualTo(1);
    }

    @Test
    void countsNoCommandAboutTheServer() {
        assertThat(ended("version", worker.get().nanoTime(), ReplyType.VERSION)).isFalse();
        outcomes.publish();
        assertThat(count(Command.GET, ReplyKind.ERROR)).isZero();
    }

    @Test
    void remembersEachOfTheSlow() {
        long then = worker.get().nanoTime();
        worker.pass(Duration.ofMillis(30));
        ended("get a", then, ReplyType.VALUE);
        ended("get b", then, ReplyType.VALUE);
        ended("get c", worker.get().passNanos(), ReplyType.VALUE);
        assertThat(worker.get().slowRequests().read(worker.get().nanoTime()))
                .extracting(slow -> new String(slow.key(), US_ASCII))
                .containsExactlyInAnyOrder("a", "b");
        outcomes.publish();
        assertThat(count(Command.GET, ReplyKind.HIT)).isEqualTo(3);
    }
}
