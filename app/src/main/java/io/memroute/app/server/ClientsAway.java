package io.memroute.app.server;

import io.memroute.app.control.Conversation;
import io.memroute.proxy.client.accept.ClientTaker;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.proxy.text.SystemError;
import io.memroute.transport.kernel.SocketDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends clients to the process that takes them over; no worker waits for it. Thread safe. */
final class ClientsAway implements ClientTaker {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** The time that the other process has to take clients that are on their way. */
    private static final long FINISH_SECONDS = 10;

    private final Conversation successor;
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("memroute-clients-away", true));

    ClientsAway(Conversation successor) {
        this.successor = successor;
    }

    @Override
    public void take(MovingClient client) {
        sender.execute(() -> {
            try {
                successor.say(ClientWord.of(client), List.of(client.descriptor()));
            } catch (IOException e) {
                LOG.warn("closing a client that the other process does not take: {}", SystemError.text(e));
            } finally {
                SocketDescriptor.close(client.descriptor());
            }
        });
    }

    @Override
    public void finish() {
        sender.shutdown();
        try {
            if (!sender.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the other process has not taken all clients within {} s", FINISH_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
