package io.memroute.proxy.client;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every client connection of one worker about once a second, some at a time between requests, and closes those
 * that are idle, slow or dead. Owned by the worker's thread.
 *
 * <p>It is also the clock of its clients: a read notes {@link #second()}, which costs a store, and not the system's
 * time.
 */
final class ClientSweep {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Between two passes; the precision of what is judged, as in memcached. */
    private static final long PASS_MILLIS = 1000;

    /** Connections looked at before requests have their turn again: some microseconds. */
    private static final int SLICE = 256;

    private final EventLoop loop;
    private final SocketProbe probe = SocketProbe.ofSystem(SLICE);
    private ClientCheck[] clients = new ClientCheck[64];
    private int count;
    /** The clients below this index are still to be looked at in this pass. */
    private int left;

    private int second;
    private int dead;

    ClientSweep(EventLoop loop) {
        this.loop = loop;
        loop.schedule(this::begin, PASS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * The passes so far, of a second each. Time in which the worker did not run does not count: what clients sent then
     * is still unread.
     */
    int second() {
        return second;
    }

    void add(ClientCheck client) {
        if (count == clients.length) {
            clients = Arrays.copyOf(clients, count << 1);
        }
        client.setPlace(count);
        clients[count++] = client;
    }

    /** The last one takes the place of the one that goes; a pass that goes downwards has seen it. */
    @SuppressWarnings("NullAway") // empty places hold null
    void remove(ClientCheck client) {
        ClientCheck last = clients[--count];
        clients[count] = null;
        if (last != client) {
            clients[client.place()] = last;
            last.setPlace(client.place());
        }
    }

    private void begin() {
        second++;
        left = count;
        dead = 0;
        goOn();
    }

    private void goOn() {
        try {
            lookAtSome();
        } catch (RuntimeException e) {
            // A failure at one client must not end the sweep for all others.
            LOG.error("checking client connections failed", e);
        }
        if (left > 0) {
            loop.execute(this::goOn);
            return;
        }
        if (dead > 0) {
            LOG.debug("closed {} client connections that had ended without the transport saying so", dead);
        }
        loop.schedule(this::begin, PASS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookAtSome() {
        int above = Math.min(left, count);
        int from = Math.max(0, above - SLICE);
        left = from;
        probe.ask(clients, from, above);
        // Downwards: a client that is closed at once is replaced by one that has been looked at.
        for (int i = above - 1; i >= from; i--) {
            ClientCheck client = clients[i];
            if (client.look(second, probe.ended(i - from), probe.saidLast(i - from))) {
                dead++;
            }
        }
    }
}
