package io.memroute.proxy.client;

import io.memroute.proxy.client.limit.RequestWindow;
import io.memroute.proxy.fairness.Tenant;
import io.memroute.proxy.fairness.Turns;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * Has no request of one client started while it has enough under way, does not take its replies, memory is short, or it
 * waits for its turn. Owned by the worker's thread.
 *
 * <p>Requests are taken up to a limit; then nothing more is read until half of them have been answered. A client that
 * waits for its turn is read a little further.
 */
final class ReadPause {

    /** Bytes of requests that are read from a client that waits for its turn: what a turn starts, and some more. */
    private static final int WAITING_BYTES = 4 << 10;

    private final WorkerClients clients;
    private final ExchangeQueue queue;
    private final ClientMemory memory;
    private final Turns.Waiter waiter;

    @SuppressWarnings("NullAway.Init")
    private Channel channel;
    /** Made when there is a first request, by what is known then. */
    private @Nullable RequestWindow window;

    private boolean paused;
    /** Whether the client waits for its tenant's turn. What it sends is still read, up to some bytes. */
    private boolean awaitsTurn;

    /** @param waiter is told of the turns that the client waits for */
    ReadPause(WorkerClients clients, ExchangeQueue queue, ClientMemory memory, Turns.Waiter waiter) {
        this.clients = clients;
        this.queue = queue;
        this.memory = memory;
        this.waiter = waiter;
    }

    /** Has it pause a channel. */
    void open(Channel read) {
        channel = read;
    }

    /** Whether no request is started until others have been answered, replies been read, or its turn has come. */
    boolean isOn() {
        return paused;
    }

    /** Whether there is room for one more request; if not, reading pauses. */
    boolean admitsRequest(Tenant tenant) {
        if (awaitsTurn) {
            return false;
        }
        if (window == null) {
            window = clients.newWindow();
        }
        if (queue.size() < window.requests() && channel.isWritable() && !memory.enough()) {
            if (tenant.mayStart()) {
                return true;
            }
            awaitsTurn = true;
            paused = true;
            tenant.await(waiter);
            return false;
        }
        begin();
        return false;
    }

    /** Notes that so many bytes have been read and not started. */
    void received(long heldBytes) {
        if (awaitsTurn && heldBytes > WAITING_BYTES) {
            channel.config().setAutoRead(false);
        }
    }

    /** Notes that the turn has come that the client waits for. */
    void turnCame() {
        awaitsTurn = false;
    }

    /** Notes a reply of that length. */
    void replied(long bytes) {
        if (window != null) {
            window.replied(bytes);
        }
    }

    void begin() {
        paused = true;
        channel.config().setAutoRead(false);
    }

    /** Ends if there is room again, and has the reader process what it holds. Returns whether bytes are read again. */
    boolean endIfRoom(RequestReader reader) {
        if (!paused
                || awaitsTurn
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
