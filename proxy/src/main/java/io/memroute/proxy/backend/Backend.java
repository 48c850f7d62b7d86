package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;

/**
 * One worker's connections to one backend, shared by all pools that list it. Owned by the worker's thread.
 */
public final class Backend {

    private final BackendSpec spec;
    private final BackendConnection[] connections;
    /** How many configurations in force or still draining use it. */
    private int users;

    Backend(BackendSpec spec, boolean mergeGets, WorkerResources worker) {
        this.spec = spec;
        this.connections = new BackendConnection[spec.connections()];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new BackendConnection(spec, mergeGets, worker);
        }
    }

    public BackendSpec spec() {
        return spec;
    }

    /** Sends the call's request on the connection with the least to do; it fails at once if all are marked bad. */
    public void send(Call call) {
        choose().send(call);
    }

    /** Sends a command line of the proxy's own that one line answers. */
    public void sendLine(Call call, byte[] line) {
        choose().sendLine(call, line);
    }

    /** The first idle connection that works, else the working one with the fewest requests outstanding. */
    private BackendConnection choose() {
        BackendConnection best = connections[0];
        if (connections.length == 1) {
            return best;
        }
        for (BackendConnection connection : connections) {
            if (!connection.refuses() && (best.refuses() || connection.depth() < best.depth())) {
                best = connection;
            }
        }
        return best;
    }

    /** How many of its connections are marked bad now; any thread. */
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
