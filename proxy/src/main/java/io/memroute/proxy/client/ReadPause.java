package io.memroute.proxy.client;

import io.memroute.proxy.client.limit.RequestWindow;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * Has nothing read from one client while it has enough requests under way, does not take its replies, or memory is
 * short. Owned by the worker's thread.
 *
 * <p>Requests are taken up to a limit; then nothing more is read until half of them have been answered.
 */
final class ReadPause {

    private final WorkerClients clients;
    private final ExchangeQueue queue;
    private final ClientMemory memory;

    @SuppressWarnings("NullAway.Init")
    private Channel channel;
    /** Made when there is a first request, by what is known then. */
    private @Nullable RequestWindow window;

    private boolean paused;

    ReadPause(WorkerClients clients, ExchangeQueue queue, ClientMemory memory) {
        this.clients = clients;
        this.queue = queue;
        this.memory = memory;
    }

    /** Has it pause a channel. */
    void open(Channel read) {
        channel = read;
    }

    /** Whether nothing is read until requests have been answered or replies been read. */
    boolean isOn() {
        return paused;
    }

    /** Whether there is room for one more request; if not, reading pauses. */
    boolean admitsRequest() {
        if (window == null) {
            window = clients.newWindow();
        }
        if (queue.size() < window.requests() && channel.isWritable() && !memory.enough()) {
            return true;
        }
        begin();
        return false;
    }

    /** Notes a reply of that length. */
    void replied(long bytes) {
        if (window != null) {
            window.replied(bytes);
        }
    }

    void begin() {
        if (!paused) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    /** Ends if there is room again, and has the reader process what it holds. Returns whether bytes are read again. */
    boolean endIfRoom(RequestReader reader) {
        if (!paused
                || window == null
                || queue.size() > window.requests() / 2
                || !channel.isWritable()
                || memory.enough()
                || !channel.isOpen()) {
            return false;
        }
        paused = false;
        reader.process();
        if (paused) {
            return false;
        }
        // After the client's last byte there is nothing to read, and epoll closes a channel that is told to.
        if (!(channel instanceof DuplexChannel duplex && duplex.isInputShutdown())) {
            channel.config().setAutoRead(true);
        }
        return true;
    }
}
