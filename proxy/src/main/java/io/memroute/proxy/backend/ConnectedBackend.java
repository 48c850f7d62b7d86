package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;

/**
 * One worker's connections to one backend, shared by all pools that list it. Owned by the worker's thread.
 */
final class ConnectedBackend implements Backend {

    private final BackendSpec spec;
    private final BackendConnection[] connections;
    private final BackendEvents events;
    private final LogStreams streams;
    /** Whether its options ask for lines about requests. */
    private final boolean logs;
    /** How many configurations in force or still draining use it. */
    private int users;

    ConnectedBackend(BackendSpec spec, boolean mergeGets, WorkerResources worker) {
        this.spec = spec;
        this.events = worker.events();
        this.streams = worker.streams();
        this.logs = spec.log().enabled();
        this.connections = new BackendConnection[spec.connections()];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new BackendConnection(spec, mergeGets, worker);
        }
    }

    @Override
    public BackendSpec spec() {
        return spec;
    }

    /** Uses the connection with the least to do; fails at once if all are marked bad. */
    @Override
    public void send(Call call) {
        choose().send(logs && streams.watched(LogStream.PROXYREQS) ? new LoggedCall(call, spec, streams) : call);
    }

    @Override
    public void sendLine(Call call, byte[] line) {
        choose().sendLine(call, line);
    }

    /**
     * The one that is to be written to in this pass of the loop: requests that come together are sent together, and in their order. Else the
     * first idle connection that works, else the working one with the fewest requests outstanding.
     */
    private BackendConnection choose() {
        BackendConnection best = connections[0];
        if (connections.length == 1) {
            return best;
        }
        for (BackendConnection connection : connections) {
            if (connection.gathers()) {
                return connection;
            }
            if (!connection.refuses() && (best.refuses() || connection.depth() < best.depth())) {
                best = connection;
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
