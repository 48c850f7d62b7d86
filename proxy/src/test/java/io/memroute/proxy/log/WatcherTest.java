package io.memroute.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watcher's queue, over a socket that takes what it is given when the test says so. */
class WatcherTest {

    private static final int ROOM = 1000;

    /** Writes that have not been taken yet. */
    private final Deque<ChannelPromise> unwritten = new ArrayDeque<>();

    private final StringBuilder written = new StringBuilder();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ByteBuf data = (ByteBuf) message;
            written.append(data.toString(StandardCharsets.US_ASCII));
            data.release();
            unwritten.add(promise);
        }
    });
    private final LogStreams streams = new LogStreams();

    @AfterEach
    void close() {
        channel.close();
    }

    private Watcher watch(LogStream first, LogStream... more) {
        Watcher watcher = new Watcher(channel, EnumSet.of(first, more), bytes("OK\r\n"), ROOM);
        assertThat(streams.add(watcher)).isTrue();
        return watcher;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What was written since the last call. */
    private String taken() {
        channel.runPendingTasks();
        String all = written.toString();
        written.setLength(0);
        return all;
    }

    private void takeOneWrite() {
        unwritten.remove().setSuccess();
    }

    @Test
    void beginsWithTheGreeting() {
        watch(LogStream.PROXYUSER);
        assertThat(taken()).isEqualTo("OK\r\n");
    }

    @Test
    void writesLinesInTheOrderTheyCameAllThatWaitAtOnce() {
        Watcher watcher = watch(LogStream.PROXYUSER);
        watcher.offer(bytes("a\n"));
        watcher.offer(bytes("b\n"));

        assertThat(taken()).isEqualTo("OK\r\na\nb\n");
        assertThat(unwritten).hasSize(1);
    }

    @Test
    void hasOneWriteOnItsWayAtATime() {
        Watcher watcher = watch(LogStream.PROXYUSER);
        assertThat(taken()).isEqualTo("OK\r\n");
        watcher.offer(bytes("a\n"));
        watcher.offer(bytes("b\n"));
        assertThat(taken()).isEmpty();

        takeOneWrite();
        assertThat(taken()).isEqualTo("a\nb\n");
    }

    @Test
    void dropsWhatDoesNotFitAndSaysHowManyBeforeTheNextLine() {
        Watcher watcher = watch(LogStream.PROXYUSER);
        taken();
        String line = "x".repeat(299) + "\n";
        assertThat(watcher.offer(bytes(line))).isTrue();
        assertThat(watcher.offer(bytes(line))).isTrue();
        for (int i = 0; i < 12; i++) {
            assertThat(watcher.offer(bytes(line))).isFalse();
        }
        takeOneWrite();
        assertThat(taken()).isEqualTo(line + line);
        takeOneWrite();
        assertThat(taken()).isEqualTo("skipped=12\n");
        takeOneWrite();
        assertThat(watcher.offer(bytes("after\n"))).isTrue();
        assertThat(taken()).isEqualTo("after\n");
    }

    @Test
    void tellsTheCountWhereTheLinesAreMissing() {
        Watcher watcher = watch(LogStream.PROXYUSER);
        taken();
        String large = "x".repeat(900) + "\n";
        watcher.offer(bytes("first\n"));
        assertThat(watcher.offer(bytes(large))).isFalse();
        assertThat(watcher.offer(bytes("second\n"))).isTrue();

        takeOneWrite();
        assertThat(taken()).isEqualTo("first\nskipped=1\nsecond\n");
    }

    @Test
    void holdsNoMoreThanItsBoundHoweverManyLinesAreOffered() {
        Watcher watcher = watch(LogStream.PROXYUSER);
        taken();
        int accepted = 0;
        for (int i = 0; i < 1_000_000; i++) {
            accepted += watcher.offer(bytes("0123456789\n")) ? 1 : 0;
        }
        takeOneWrite();

        assertThat(accepted).isBetween(10, ROOM / 11);
        assertThat(taken()).isEqualTo("0123456789\n".repeat(accepted));
        takeOneWrite();
        assertThat(taken()).isEqualTo("skipped=" + (1_000_000 - accepted) + "\n");
    }

    @Test
    void closesItsConnectionWhenWritingFails() {
        Watcher watcher = watch(LogStream.PROXYUSER);
        taken();
        unwritten.remove().setFailure(new java.io.IOException("broken pipe"));
        channel.runPendingTasks();

        assertThat(channel.isActive()).isFalse();
        watcher.offer(bytes("late\n"));
        assertThat(taken()).isEmpty();
    }

    @Test
    void hearsOnlyOfItsStreams() {
        watch(LogStream.PROXYUSER, LogStream.PROXYREQS);
        assertThat(streams.watched(LogStream.PROXYREQS)).isTrue();
        assertThat(streams.watched(LogStream.PROXYEVENTS)).isFalse();
        streams.write(LogStream.PROXYEVENTS, streams.line("proxy_conf"));
        streams.write(LogStream.PROXYUSER, streams.line("proxy_user"));

        assertThat(taken()).matches("OK\r\nts=\\d+\\.\\d{6} gid=3 type=proxy_user\n");
        assertThat(streams.sentCount()).isEqualTo(1);
        assertThat(streams.writtenCount()).isEqualTo(2);
    }

    @Test
    void isOneOfTwentyAtMostUntilOneGoes() {
        Watcher first = watch(LogStream.PROXYUSER);
        for (int i = 1; i < LogStreams.MOST_WATCHERS; i++) {
            watch(LogStream.PROXYREQS);
        }
        Watcher another = new Watcher(channel, EnumSet.of(LogStream.PROXYEVENTS), bytes("OK\r\n"), ROOM);
        assertThat(streams.add(another)).isFalse();
        assertThat(streams.watched(LogStream.PROXYEVENTS)).isFalse();
        assertThat(taken()).isEqualTo("OK\r\n".repeat(20));

        streams.remove(first);
        assertThat(streams.watched(LogStream.PROXYUSER)).isFalse();
        assertThat(streams.add(another)).isTrue();
        assertThat(streams.watcherCount()).isEqualTo(20);
    }
}
