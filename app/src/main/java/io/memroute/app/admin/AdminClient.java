package io.memroute.app.admin;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Asks the admin listener of a running proxy. */
public final class AdminClient {

    private AdminClient() {}

    /**
     * Asks one question and waits for the answer.
     *
     * @throws IOException if nobody, or somebody else, answers
     * @throws IllegalArgumentException if the words cannot be asked
     */
    public static AdminReply ask(SocketAddress address, List<String> words) throws IOException {
        ByteBuffer question = ByteBuffer.wrap(AdminProtocol.question(words));
        try (SocketChannel connection = SocketChannel.open(address)) {
            while (question.hasRemaining()) {
                connection.write(question);
            }
            return AdminProtocol.readReply(Channels.newInputStream(connection));
        }
    }
}
