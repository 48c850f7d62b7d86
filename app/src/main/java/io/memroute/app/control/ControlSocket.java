package io.memroute.app.control;

import io.memroute.app.process.UnixSocket;
import io.memroute.app.process.UnixSocket.Kind;
import io.memroute.app.process.UnixSocket.Peer;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands for this process, one for each connection, each on a thread of its own.
 *
 * <p>A command is one message of words; the answer is any number of messages {@code said TEXT} and a last one,
 * {@code end STATUS TEXT}.
 */
public final class ControlSocket {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** The time that a peer has to ask, and to read. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** After a failed accept, of which there may be no end, as with too many open files. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** The time that answers have when the process ends. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

    /** Bounds the text of an answer: the log has all of it. */
    private static final int MOST_CHARACTERS = 10_000;

    private static final int ROOT = 0;

    /**
     * The answer to a command.
     *
     * @param status the exit status of the command
     * @param text ends its own last line, or is empty
     */
    public record Answer(int status, String text) {}

    /** Obeys commands. Called on threads that may wait. */
    @FunctionalInterface
    public interface Commands {
        /** @param words the command and its arguments */
        Answer obey(List<String> words, Conversation peer) throws IOException, InterruptedException;
    }

    private final UnixSocket listening;
    private final int user;
    private final Commands commands;
    /** Commands that are not answered yet; guarded by {@link #commands}. */
    private int underWay;

    private ControlSocket(UnixSocket listening, int user, Commands commands) {
        this.listening = listening;
        this.user = user;
        this.commands = commands;
    }

    /**
     * Takes commands for as long as this process lives; empty where there are no such sockets: outside Linux.
     *
     * @throws IOException if another process has the name
     */
    public static Optional<ControlSocket> open(Commands commands) throws IOException {
        if (!UnixSocket.isAvailable()) {
            return Optional.empty();
        }
        UnixSocket socket = UnixSocket.open(Kind.PACKETS);
        try {
            socket.listen(ControlName.of(ProcessHandle.current().pid()));
            ControlSocket control = new ControlSocket(socket, UnixSocket.ownUser(), commands);
            Thread.ofPlatform().daemon().name("memroute-control").start(control::acceptAll);
            return Optional.of(control);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void acceptAll() {
        while (true) {
            try {
                UnixSocket peer = listening.accept();
                Thread.ofPlatform().daemon().name("memroute-command").start(() -> serve(peer));
            } catch (IOException e) {
                LOG.warn("memroute reload and upgrade cannot reach this process: {}", SystemError.text(e));
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Waits a moment for the commands under way to be answered: the process is about to end. */
    public void finish() throws InterruptedException {
        long until = System.nanoTime() + LAST_ANSWERS.toNanos();
        synchronized (commands) {
            for (long left = LAST_ANSWERS.toMillis();
                    underWay > 0 && left > 0;
                    left = (until - System.nanoTime()) / 1_000_000) {
                commands.wait(left);
            }
        }
    }

    private void count(int more) {
        synchronized (commands) {
            underWay += more;
            commands.notifyAll();
        }
    }

    private void serve(UnixSocket socket) {
        count(1);
        try (socket) {
            socket.setTimeout(PATIENCE);
            Peer peer = socket.peer();
            Conversation conversation = new Conversation(socket);
            if (peer.user() != user && peer.user() != ROOT) {
                conversation.end(new Answer(1, "only root and the user that the server runs as may ask for this\n"));
                return;
            }
            String words = socket.receive().text();
            if (!words.isEmpty()) {
                Answer answer = commands.obey(List.of(words.split(" ")), conversation);
                conversation.end(new Answer(answer.status(), shortened(answer.text())));
            }
        } catch (IOException e) {
            LOG.debug("a command's connection has ended: {}", SystemError.text(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            count(-1);
        }
    }

    private static String shortened(String text) {
        return text.length() <= MOST_CHARACTERS
                ? text
                : text.substring(0, MOST_CHARACTERS) + "\n... (the server's log has all of it)\n";
    }
}
