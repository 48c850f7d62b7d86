package io.memroute.app.server;

import io.memroute.app.control.Conversation;
import io.memroute.app.process.OtherProcess;
import io.memroute.app.process.UnixSocket.Message;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.text.SystemError;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server whose place this one takes, as this one sees it. It serves until this one takes over; if this one fails
 * before, its end of the conversation closes, and the other goes on. {@link HandOver} is the other end.
 *
 * <p>The listening sockets are the same in both processes, and so are their queues of clients: while one has stopped
 * accepting and the other has not begun, clients that connect wait in the queue. None is refused or reset. So this one
 * begins when the other has left for good: if it began before, and the other went on after all, its clients would be
 * lost. Clients that are connected come after, one by one, when nothing is owed to them.
 */
final class Predecessor implements AutoCloseable {

    /** The first word: please hand over. */
    static final String TAKE = "take";
    /** Its answer, with the descriptors: {@code sockets } and a letter for each. */
    static final String SOCKETS = "sockets ";
    /** The letter of a socket whose file, if it has one, comes with it. */
    static final char WITH_FILE = 'f';
    /** Everything is ready; stop accepting. */
    static final String READY = "ready";
    /** Nobody accepts. */
    static final String PAUSED = "paused";
    /** This one accepts as soon as the other has left, which may go now. */
    static final String SERVING = "serving";
    /** The other leaves; its clients follow, each with a word of {@link ClientWord}, and the end. */
    static final String LEFT = "left";

    /** The time that a server with many clients to accept may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The time after which a process is gone whose connection has closed: a moment, but machines stand still. */
    private static final Duration DYING = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(10);

    /** Longer than any end takes. */
    private static final Duration END = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private final long process;
    private final Conversation conversation;
    private final List<GivenSocket> sockets;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Predecessor(long process, Conversation conversation, List<GivenSocket> sockets) {
        this.process = process;
        this.conversation = conversation;
        this.sockets = sockets;
    }

    /**
     * Asks a server for its sockets.
     *
     * @throws IOException if it does not hand them over, with the reason
     */
    static Predecessor ask(long process) throws IOException {
        Conversation conversation;
        try {
            conversation = Conversation.with(process);
        } catch (IOException e) {
            throw new IOException("--take-over: process " + process + " does not answer: " + SystemError.text(e), e);
        }
        try {
            conversation.setTimeout(PATIENCE);
            conversation.say(TAKE, List.of());
            Message message = expect(conversation::hear, process, SOCKETS);
            String files = message.text().substring(SOCKETS.length());
            List<GivenSocket> sockets = new ArrayList<>();
            for (int i = 0; i < message.descriptors().size(); i++) {
                sockets.add(GivenSocket.of(message.descriptors().get(i), files.charAt(i) == WITH_FILE));
            }
            return new Predecessor(process, conversation, sockets);
        } catch (IOException e) {
            conversation.close();
            throw e;
        }
    }

    /** Waits for a word. */
    @FunctionalInterface
    private interface Hearing {
        Message hear() throws IOException;
    }

    private static Message expect(Hearing hearing, long process, String word) throws IOException {
        Message message;
        try {
            message = hearing.hear();
        } catch (EOFException e) {
            throw gone(process, e);
        } catch (IOException e) {
            throw new IOException("--take-over: process " + process + ": " + SystemError.text(e), e);
        }
        if (Conversation.isEnd(message.text())) {
            throw new IOException("--take-over: process " + process + ": "
                    + Conversation.ended(message.text()).text().strip());
        }
        if (!message.text().startsWith(word)) {
            throw new IOException(
                    "--take-over: process " + process + " answered \"" + message.text() + "\", expected " + word);
        }
        return message;
    }

    private void say(String word) throws EOFException {
        try {
            conversation.say(word, List.of());
        } catch (IOException e) {
            throw gone(process, e);
        }
    }

    private static EOFException gone(long process, IOException reason) {
        EOFException gone = new EOFException("--take-over: process " + process + ": " + SystemError.text(reason));
        gone.initCause(reason);
        return gone;
    }

    long process() {
        return process;
    }

    /** The sockets that it listens on. */
    List<GivenSocket> sockets() {
        return sockets;
    }

    /** Sets the longest wait for the next words of that server. */
    void setPatience(Duration patience) throws IOException {
        conversation.setTimeout(patience);
    }

    /** Has it stop accepting, and waits until it has. */
    void pause() throws IOException {
        say(READY);
        expect(conversation::hear, process, PAUSED);
    }

    /**
     * Tells it that this server takes its place, and waits until it has left everything to this one, or died.
     *
     * @throws IOException if it goes on
     */
    void leave() throws IOException {
        try {
            say(SERVING);
            // If this one gave up while that word was on its way, nobody would serve.
            expect(conversation::hearInTime, process, LEFT);
        } catch (EOFException e) {
            // It also closes the connection when it has given up waiting, and then it serves.
            if (!hasEnded()) {
                throw new IOException(
                        "--take-over: process " + process + ": the connection has closed, but the process runs", e);
            }
            LOG.warn("process {} has ended without leaving its clients to this one", process);
        }
    }

    /** Whether the process is gone, or is within a moment. */
    private boolean hasEnded() throws IOException {
        long until = System.nanoTime() + DYING.toNanos();
        while (OtherProcess.runs(process)) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }

    /** Whether it may be there, so that clients may come from it. */
    boolean isHere() {
        return ended.getCount() > 0;
    }

    /** Waits until all its clients have come, or that time is over. */
    void awaitEnd(Duration limit) throws InterruptedException {
        ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes over its clients as they come, on a thread of its own, until it has ended. */
    void followedBy(ProxyServer server) {
        Thread.ofPlatform().daemon().name("memroute-arrivals").start(() -> {
            try {
                conversation.setTimeout(END);
                for (Message message = conversation.hear();
                        !Conversation.isEnd(message.text());
                        message = conversation.hear()) {
                    take(server, message);
                }
            } catch (IOException e) {
                LOG.warn(
                        "process {} ended before it had handed over all its clients: {}", process, SystemError.text(e));
            } finally {
                ended.countDown();
            }
        });
    }

    private static void take(ProxyServer server, Message message) {
        try {
            server.take(ClientWord.read(message));
        } catch (IOException | RuntimeException e) {
            // The others come nevertheless.
            LOG.warn("closing a client of the other process: {}", SystemError.text(e));
        }
    }

    @Override
    public void close() {
        conversation.close();
    }
}
