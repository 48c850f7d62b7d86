package io.memroute.app.control;

import io.memroute.app.process.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** Takes one command in the name of this JVM, and says to it what a test wants. */
public final class ScriptedServer implements AutoCloseable {

    /** What the server says; the connection closes at its end. */
    @FunctionalInterface
    public interface Script {
        void converse(Conversation peer) throws IOException;
    }

    private final UnixSocket listening;
    private final CompletableFuture<Void> conversation;

    private ScriptedServer(UnixSocket listening, Script script) {
        this.listening = listening;
        conversation = CompletableFuture.runAsync(
                () -> {
                    try (Conversation peer = new Conversation(listening.accept())) {
                        script.converse(peer);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                command -> Thread.ofPlatform().daemon().start(command));
    }

    public static ScriptedServer start(Script script) throws IOException {
        UnixSocket socket = UnixSocket.open(UnixSocket.Kind.PACKETS);
        socket.listen(ControlName.of(ProcessHandle.current().pid()));
        return new ScriptedServer(socket, script);
    }

    /** Ends it; fails if the script has failed. */
    @Override
    public void close() {
        listening.close();
        conversation.join();
    }
}
