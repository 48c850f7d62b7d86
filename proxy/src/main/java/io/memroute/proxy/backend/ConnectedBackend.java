package io.memroute.proxy.backend;

import io.memroute.proxy.backend.BackendCounters.Count;
import io.memroute.proxy.backend.events.BackendEvents;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.KeyHash;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.worker.WorkerContext;

/**
 * One worker's connections to one backend, shared by all pools that list it. Owned by the worker's thread.
 *
 * <p>Requests about one key reach the backend in their order, however many connections there are: while a request about
 * the key is unanswered, the next one takes the same connection. Keys are told apart by a few bits of a hash, so that
 * now and then two keys share a connection without need.
 */
final class ConnectedBackend implements Backend {

    /**
     * Keys that are told apart: several times what a worker has on its way to a backend, so that few of them meet by
     * chance.
     */
    private static final int SLOTS = 1024;

    private final BackendSpec spec;
    private final BackendCounters counters;
    private final BackendConnection[] connections;
    /**
     * The connection of each slot's last request, and how many replies had been expected there with it; empty with one
     * connection.
     */
    private final byte[] slotConnection;

    private final long[] slotLast;
    private final KeyHash keyHash = new KeyHash();
    private final BackendEvents events;
    private final LogStreams streams;
    /** Whether its options ask for lines about requests. */
    private final boolean logs;
    /** The number of configurations, in force or still draining, that use it. */
    private int users;

    ConnectedBackend(
            BackendSpec spec,
            BackendCounters counters,
            boolean mergeGets,
            BackendContext context,
            WorkerContext worker) {
        this.spec = spec;
        this.counters = counters;
        this.events = context.events();
        this.streams = worker.streams();
        this.logs = spec.log().enabled();
        this.connections = new BackendConnection[spec.connections()];
        this.slotConnection = new byte[connections.length == 1 ? 0 : SLOTS];
        this.slotLast = new long[connections.length == 1 ? 0 : SLOTS];
        GetMerging merging = new GetMerging(mergeGets);
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new BackendConnection(spec, counters, merging, context, worker);
        }
    }

    @Override
    public BackendSpec spec() {
        return spec;
    }

    /** Uses the connection of the key, or the one with the least to do; fails at once if all are marked bad. */
    @Override
    public void send(Call call) {
        counters.increment(Count.REQUESTS);
        Call sent = logs && streams.watched(LogStream.PROXYREQS) ? new LoggedCall(call, spec, streams) : call;
        if (connections.length == 1) {
            connections[0].send(sent);
        } else {
            sendInOrder(sent);
        }
    }

    @Override
    public void sendLine(Call call, byte[] line) {
        counters.increment(Count.REQUESTS);
        connections[choose()].sendLine(call, line);
    }

    /** Uses the connection that has an unanswered request about the key; if none has, the best one. */
    private void sendInOrder(Call call) {
        int slot = (int) keyHash.of(call.request()) & SLOTS - 1;
        int last = slotConnection[slot];
        int chosen = connections[last].answeredInOrder() < slotLast[slot] ? last : choose();
        if (connections[chosen].send(call)) {
            slotConnection[slot] = (byte) chosen;
            slotLast[slot] = connections[chosen].expected();
        }
    }

    /**
     * Chooses the connection that is written to in this pass of the loop, so that requests that come together are sent
     * together; else the working one with the fewest requests outstanding.
     */
    private int choose() {
        int best = 0;
        for (int i = 0; i < connections.length; i++) {
            BackendConnection connection = connections[i];
            if (connection.gathers()) {
                return i;
            }
            BackendConnection soFar = connections[best];
            if (!connection.refuses() && (soFar.refuses() || connection.depth() < soFar.depth())) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public int badConnections() {
        int bad = 0;
        for (BackendConnection connection : connections) {
            if (connection.markedBad()) {
                bad++;
            }
        }
        return bad;
    }

    /** Reads the numbers of this moment; any thread. */
    BackendRegistry.Reading reading() {
        int ready = 0;
        int connecting = 0;
        int bad = 0;
        long queued = 0;
        for (BackendConnection connection : connections) {
            ready += connection.ready() ? 1 : 0;
            connecting += connection.connecting() ? 1 : 0;
            bad += connection.markedBad() ? 1 : 0;
            // The worker may be in the middle of a change of what this is made of.
            queued += Math.max(0, connection.depth());
        }
        return new BackendRegistry.Reading(spec, counters, ready, connecting, bad, queued);
    }

    void open() {
        for (BackendConnection connection : connections) {
            connection.open();
        }
    }

    void close() {
        events.forgotten(spec, badConnections());
        for (BackendConnection connection : connections) {
            connection.close();
        }
    }

    void addUser() {
        users++;
    }

    /** Returns whether nobody uses it any more. */
    boolean removeUser() {
        return --users == 0;
    }
}
