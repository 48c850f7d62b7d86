package io.memroute.app.control;

import io.memroute.app.control.ControlSocket.Answer;
import io.memroute.app.process.UnixSocket;
import io.memroute.app.process.UnixSocket.Message;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** One command and its answer, at either end. For one thread at a time. */
public final class Conversation implements AutoCloseable {

    private static final String SAID = "said ";
    private static final String END = "end ";

    private final UnixSocket socket;

    Conversation(UnixSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins one with a server.
     *
     * @param process the server's
     * @throws IOException if it takes no commands, or another process has its name
     */
    public static Conversation with(long process) throws IOException {
        UnixSocket socket = UnixSocket.open(UnixSocket.Kind.PACKETS);
        try {
            socket.connect(ControlName.of(process));
            if (socket.peer().process() != process) {
                throw new IOException("process " + socket.peer().process() + " answers for process " + process);
            }
            return new Conversation(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Bounds every wait for the other end. */
    public void setTimeout(Duration timeout) throws IOException {
        socket.setTimeout(timeout);
    }

    /** The process at the other end. */
    public long peer() throws IOException {
        return socket.peer().process();
    }

    /** Sends a command, or a further word of either end. */
    public void say(String text, List<Integer> descriptors) throws IOException {
        socket.send(text, descriptors);
    }

    /** Tells the asking end how far it is. */
    public void report(String text) throws IOException {
        say(SAID + text, List.of());
    }

    /**
     * Waits for a further word.
     *
     * @throws EOFException if the other end has gone
     */
    public Message hear() throws IOException {
        Message message = socket.receive();
        if (message.text().isEmpty()) {
            throw new EOFException("the other process has closed the connection");
        }
        return message;
    }

    /**
     * Waits for a word on which both ends must agree whether it was heard. When the time is over, a word that the other
     * end has said is heard, and one that it says later fails there.
     *
     * @throws EOFException if the other end has gone
     * @throws SocketTimeoutException if the other end has not said it in time, and cannot any more
     */
    public Message hearInTime() throws IOException {
        try {
            return hear();
        } catch (SocketTimeoutException late) {
            socket.refuseMore();
            try {
                return hear();
            } catch (EOFException nothing) {
                late.addSuppressed(nothing);
                throw late;
            }
        }
    }

    /**
     * Waits for the answer.
     *
     * @param reports is given what the server says meanwhile
     */
    public Answer answer(Consumer<String> reports) throws IOException {
        while (true) {
            String text = hear().text();
            if (text.startsWith(SAID)) {
                reports.accept(text.substring(SAID.length()));
            } else if (text.startsWith(END)) {
                return ended(text);
            }
        }
    }

    /** Whether a word is the last one, as of a refusal. */
    public static boolean isEnd(String text) {
        return text.startsWith(END);
    }

    /** The answer in a last word. */
    public static Answer ended(String text) throws IOException {
        String[] parts = text.substring(END.length()).split(" ", 2);
        try {
            return new Answer(Integer.parseInt(parts[0]), parts[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("malformed answer: " + text, e);
        }
    }

    void end(Answer answer) throws IOException {
        say(END + answer.status() + " " + answer.text(), List.of());
    }

    @Override
    public void close() {
        socket.close();
    }
}
