package io.memroute.proxy.client;

import io.memroute.proxy.client.time.ArrivalTimes;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges one client about once a second: whether it is idle, takes too long to send a request, or has ended without the
 * transport saying so. Owned by the worker's thread.
 */
final class ClientCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /**
     * Looks in a row that have to find the connection ended. The transport may be about to tell what the first sees; on
     * a machine that is far behind, so may it what the second sees.
     */
    private static final int DEAD_LOOKS = 3;

    private final ClientConnection client;
    private final ClientSweep sweep;
    private final ClientTimes limits;
    private final WorkerCounters counters;
    private final ArrivalTimes times;
    /** The reason for which the connection has been ended, once it has been. */
    private @Nullable String endedFor;
    /** Its place in the sweep's list. */
    private int place;
    /** The number of looks in a row that found the connection ended, though the transport had not said so. */
    private int looksDead;

    ClientCheck(ClientConnection client, WorkerClients clients) {
        this.client = client;
        this.sweep = clients.sweep();
        this.limits = clients.context().times();
        this.counters = clients.counters();
        this.times = new ArrivalTimes(sweep.second());
    }

    int place() {
        return place;
    }

    void setPlace(int index) {
        place = index;
    }

    /** The socket's file descriptor; 0 if the transport does not tell. */
    int descriptor() {
        return client.descriptor();
    }

    /** The reason for which the connection has been ended, once it has been. */
    @Nullable
    String endedFor() {
        return endedFor;
    }

    /** Notes a read; see {@link ArrivalTimes#read}. */
    void read(int bytes, long unfinishedBefore, long unfinished) {
        times.read(sweep.second(), bytes, unfinishedBefore, unfinished);
    }

    /** Notes that reading goes on after a pause, which is not the client's fault. */
    void resumed() {
        times.restart(sweep.second());
    }

    /**
     * Closes the connection if it is idle, if a request takes too long to arrive, or if it has ended and the transport
     * has not said so for some passes. One that stays lets go of routes that were replaced.
     *
     * @param ended whether the system says that it is over
     * @param saidLast whether the system says that the client sends no more
     * @return whether it was found dead
     */
    boolean look(int second, boolean ended, boolean saidLast) {
        if (!client.isOpen()) {
            // The rest of the closing waits for its turn; the descriptor may be another's by now.
            return false;
        }
        client.forgetOldRoutes();
        looksDead = ended || saidLast && client.awaitsInput() ? looksDead + 1 : 0;
        if (looksDead == DEAD_LOOKS) {
            counters.increment(Counter.DEAD_CLIENTS);
            client.abort();
            return true;
        }
        if (endedFor != null) {
            // The client was told in the last pass, and does not take the message.
            client.abort();
        } else if (client.isBusy()) {
            times.busy(second);
        } else {
            judge(second);
        }
        return false;
    }

    private void judge(int second) {
        switch (times.judge(second, limits, client.hasUnfinishedRequest())) {
            case STAYS -> {}
            case IDLE -> {
                if (ConnectionLine.isTcp(client.channel())) {
                    LOG.debug("closing the connection of client {}: idle", ConnectionLine.client(client.channel()));
                    counters.increment(Counter.IDLE_KICKS);
                    endedFor = "idle_timeout";
                    client.channel().close();
                }
            }
            case TOO_SLOW -> {
                LOG.debug(
                        "closing the connection of client {}: a request does not end",
                        ConnectionLine.client(client.channel()));
                counters.increment(Counter.REQUEST_TIMEOUTS);
                endedFor = "request_timeout";
                client.endUnfinishedRequest();
            }
        }
    }
}
