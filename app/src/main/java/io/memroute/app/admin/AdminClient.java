package io.memroute.app.admin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks the admin listener of a running proxy. */
public final class AdminClient {

    /** Longer than a listener takes to refuse a question that waits too long for its answer. */
    private static final long ANSWER_SECONDS = 60;

    private AdminClient() {}

    /**
     * Asks one question and waits for the answer, up to {@value #ANSWER_SECONDS} seconds.
     *
     * @throws IOException if nobody, or somebody else, answers
     * @throws IllegalArgumentException if the words cannot be asked
     */
    public static AdminReply ask(SocketAddress address, List<String> words) throws IOException {
        return ask(address, words, Duration.ofSeconds(ANSWER_SECONDS));
    }

    static AdminReply ask(SocketAddress address, List<String> words, Duration limit) throws IOException {
        ByteBuffer question = ByteBuffer.wrap(AdminProtocol.question(words));
        try (SocketChannel connection = open(address)) {
            CompletableFuture<Void> tooLate = CompletableFuture.runAsync(
                    () -> AdminProtocol.closeQuietly(connection),
                    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
            connection.connect(address);
            while (question.hasRemaining()) {
                connection.write(question);
            }
            AdminReply reply = AdminProtocol.readReply(new BufferedInputStream(Channels.newInputStream(connection)));
            tooLate.cancel(false);
            return reply;
        } catch (AsynchronousCloseException e) {
            throw new IOException("no answer within " + limit.toSeconds() + " s", e);
        }
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        return address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }
}
