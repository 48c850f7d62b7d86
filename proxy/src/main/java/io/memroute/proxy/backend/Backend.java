package io.memroute.proxy.backend;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.config.BackendSpec;

/**
 * One memcached server, as the receiver of requests: its connections when serving, a stand-in when a configuration is
 * explained or tested. Owned by the worker's thread.
 */
public interface Backend {

    BackendSpec spec();

    /** Has the call answered, now or later; it fails at once if the backend is not to be asked. */
    void send(Call call);

    /** Sends a command line of the proxy's own that one line answers. */
    void sendLine(Call call, byte[] line);

    /** The number of its connections that are marked bad now; any thread. */
    int badConnections();
}
